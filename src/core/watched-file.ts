import { type BigIntStats, statSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { cannotBe, readTextFile, UnusableFileError } from './text-file.js';

const LOOK_EVERY_MS = 1000;

export interface Contents<T> {
  /** Throws `UnusableFileError` for contents that cannot be used. */
  parse(text: string): T;
  /** Whether they still can be, asked also when nothing has changed but the time. Throws `UnusableFileError`. */
  check?(contents: T): void;
  /** What a file stands for that was never there; without this, it cannot be used. */
  absent?(): T;
}

/**
 * The file that a setting names, which may change while the service runs. It is read again within a second of a change;
 * should it be unusable then, what was read before goes on, an error is logged and `isStale` says so.
 */
export class WatchedFile<T> {
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private seen = '';
  private contents: T | null = null;
  private complaint: string | null = null;

  constructor(
    private readonly path: string,
    private readonly setting: string,
    private readonly how: Contents<T>,
  ) {
    this.logger = new Logger(setting);
  }

  /** Reads the file and watches it from then on. Throws `UnusableFileError`. */
  open(): void {
    this.load();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** What was read last; null before `open`. */
  get current(): T | null {
    return this.contents;
  }

  get isStale(): boolean {
    return this.complaint !== null;
  }

  private look(): void {
    try {
      if (this.fingerprint() !== this.seen) {
        this.load();
        this.logger.log('The file has changed and was read again.');
      }
      if (this.contents !== null) this.how.check?.(this.contents);
      this.complaint = null;
    } catch (error) {
      if (!(error instanceof UnusableFileError)) throw error;
      if (this.complaint !== error.message) this.logger.error(`${error.message}. What was read before goes on.`);
      this.complaint = error.message;
    }
  }

  private load(): void {
    const fingerprint = this.fingerprint();
    const contents = fingerprint === '' ? this.how.absent!() : this.how.parse(readTextFile(this.path, this.setting));
    this.how.check?.(contents);
    this.contents = contents;
    this.seen = fingerprint;
  }

  /** A text that differs for every state of the file; empty when the file has never been there and need not be. */
  private fingerprint(): string {
    const mayBeAbsent = this.how.absent !== undefined && this.seen === '';
    try {
      const stat: BigIntStats | undefined = statSync(this.path, { bigint: true, throwIfNoEntry: !mayBeAbsent });
      return stat ? `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}` : '';
    } catch (error) {
      throw cannotBe('read', this.setting, error);
    }
  }
}

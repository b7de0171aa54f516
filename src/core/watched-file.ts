import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { Logger } from '@nestjs/common';

const LOOK_EVERY_MS = 1000;

/** A file that cannot be used. The message is for whoever runs the service, and holds nothing of the contents. */
export class UnusableFileError extends Error {}

export interface Contents<T> {
  /** Throws `UnusableFileError` for contents that cannot be used. */
  parse(text: string): T;
  /** Whether they still can be, asked also when nothing has changed but the time. Throws `UnusableFileError`. */
  check?(contents: T): void;
  /** What a file stands for that was never there; without this, it cannot be used. */
  absent?(): T;
}

/**
 * A file of settings that may change while the service runs. It is read again within a second of a change; should it be
 * unusable then, what was read before goes on, an error is logged and `isStale` says so.
 */
export class WatchedFile<T> {
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private seen = '';
  private contents: T | null = null;
  private complaint: string | null = null;

  constructor(
    private readonly path: string,
    private readonly what: string,
    private readonly how: Contents<T>,
  ) {
    this.logger = new Logger(what);
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
      if (this.complaint !== error.message) this.logger.error(`What was read before goes on: ${error.message}.`);
      this.complaint = error.message;
    }
  }

  private load(): void {
    const fingerprint = this.fingerprint();
    const contents = fingerprint === '' ? this.how.absent!() : this.how.parse(readTextFile(this.path, this.what));
    this.how.check?.(contents);
    this.contents = contents;
    this.seen = fingerprint;
  }

  private fingerprint(): string {
    const stat = this.stat();
    if (stat) return `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
    if (!this.how.absent || this.seen !== '') throw new UnusableFileError(`${this.what} is not there`);
    return '';
  }

  private stat(): BigIntStats | undefined {
    try {
      return statSync(this.path, { bigint: true, throwIfNoEntry: false });
    } catch (error) {
      throw cannotBe(this.what, 'read', error);
    }
  }
}

/** Throws `UnusableFileError`. */
export function readTextFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw cannotBe(what, 'read', error);
  }
}

/** The refusal of a file with which the operating system would not let us do this. */
export function cannotBe(what: string, done: 'read' | 'made' | 'changed', cause: unknown): UnusableFileError {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  return new UnusableFileError(`${what} cannot be ${done} (${code})`, { cause });
}

import { readFileSync, statSync } from 'node:fs';
import { Logger } from '@nestjs/common';

const LOOK_EVERY_MS = 1000;

/** A file that cannot be used. The message is for whoever runs the service, and holds nothing of the contents. */
export class UnusableFileError extends Error {}

/**
 * A file of settings that may change while the service runs. It is read again within a second of a change; should it be
 * unusable then, what was read before goes on, an error is logged and `isStale` says so.
 */
export class WatchedFile<T> {
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private seen = '';
  private contents: T | undefined;
  private stale = false;

  /** `parse` throws `UnusableFileError` for contents that cannot be used; `absent` is what a missing file stands for. */
  constructor(
    private readonly path: string,
    private readonly what: string,
    private readonly parse: (text: string) => T,
    private readonly absent?: () => T,
  ) {
    this.logger = new Logger(what);
  }

  /** Reads the file and watches it from then on. Throws `UnusableFileError`. */
  open(): void {
    this.read();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  get current(): T {
    if (this.contents === undefined) throw new UnusableFileError(`${this.what} has not been read`);
    return this.contents;
  }

  get isStale(): boolean {
    return this.stale;
  }

  private look(): void {
    try {
      if (this.fingerprint() === this.seen) return;
      this.read();
      this.stale = false;
      this.logger.log('The file has changed and was read again.');
    } catch (error) {
      if (!(error instanceof UnusableFileError)) throw error;
      if (!this.stale) this.logger.error(`What was read before goes on: ${error.message}.`);
      this.stale = true;
    }
  }

  private read(): void {
    const fingerprint = this.fingerprint();
    this.contents = fingerprint === '' ? this.absent!() : this.parse(this.text());
    this.seen = fingerprint;
  }

  private text(): string {
    try {
      return readFileSync(this.path, 'utf8');
    } catch (cause) {
      throw new UnusableFileError(`${this.what} cannot be read`, { cause });
    }
  }

  private fingerprint(): string {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    if (stat) return `${stat.ino}:${stat.size}:${stat.mtimeMs}`;
    if (!this.absent) throw new UnusableFileError(`${this.what} is not there`);
    return '';
  }
}

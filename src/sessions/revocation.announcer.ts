import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { RevocationHints } from './revocation-hints.js';

/** Lets other instances know, after the commit and without anyone waiting for it, that sessions have ended here. */
@Injectable()
export class RevocationAnnouncer implements OnModuleDestroy {
  private readonly logger = new Logger('revocations');
  private sending: Promise<void> | undefined;
  private again = false;

  constructor(private readonly hints: RevocationHints) {}

  /** However many come while a hint is under way, one more follows it: the one under way may have been heard already. */
  announce(): void {
    this.again = true;
    this.sending ??= this.send().finally(() => (this.sending = undefined));
  }

  /** A command that ends sessions is over in a moment: its hint goes out before the connection does. */
  async onModuleDestroy(): Promise<void> {
    await this.sending;
  }

  private async send(): Promise<void> {
    while (this.again) {
      this.again = false;
      try {
        await this.hints.send();
      } catch (error) {
        // Nothing is lost with a hint: the next pull of each instance finds what it would have told.
        this.logger.warn({ code: error instanceof AppError ? error.code : 'internal_error' });
      }
    }
  }
}

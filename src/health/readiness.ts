import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { AuthOptions } from '../auth/auth.options.js';
import { AppError, UnavailableError } from '../core/app-error.js';
import { StoreTrouble } from '../core/store-trouble.js';
import { KeySet } from '../keys/key-set.js';
import { OauthClients } from '../oauth/oauth-clients.js';
import { RevocationPoller } from '../revocations/revocation.poller.js';
import { EndedLately } from '../sessions/ended-lately.js';
import { SessionStore } from '../sessions/session.store.js';
import { UserStore } from '../users/user.store.js';

const RETRY = { headers: { 'Retry-After': '1' } };

export class ReadyDto {
  @ApiProperty({
    enum: ['ok', 'degraded'],
    description: '`degraded`: it serves, but someone should look at the log.',
    example: 'ok',
  })
  status: 'ok' | 'degraded';
}

/** Whether this instance should be sent requests. */
@Injectable()
export class Readiness {
  private draining = false;

  constructor(
    private readonly auth: AuthOptions,
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
    private readonly keys: KeySet,
    private readonly clients: OauthClients,
    private readonly ended: EndedLately,
    private readonly poller: RevocationPoller,
  ) {}

  /** From now on: not ready. What is under way is finished. */
  drain(): void {
    this.draining = true;
  }

  /**
   * Throws `service_unavailable` until what has ended lately is known, while a store does not answer or cannot be written to, and
   * when stopping.
   */
  async check(): Promise<ReadyDto> {
    if (this.draining) throw new AppError('service_unavailable', 'This instance is stopping.', RETRY);
    // Other instances would not believe the times in the tokens that this one signs.
    if (this.poller.isSkewed && this.auth.accept.includes('jwt')) {
      throw new AppError('service_unavailable', 'The clocks here and in the store differ.', RETRY);
    }
    await Promise.all([this.users.ping(), this.sessions.ping()]).catch(tellTrouble);
    if (!this.ended.isLoaded && !this.poller.isSkewed) throw new UnavailableError('The store');
    const isDegraded = this.poller.isSkewed || this.keys.isStale || this.clients.isStale;
    return { status: isDegraded ? 'degraded' : 'ok' };
  }
}

/** A store that says what is wrong with it is quoted: whoever asks here can help it. */
function tellTrouble(error: unknown): never {
  if (!(error instanceof StoreTrouble)) throw error;
  throw new AppError('service_unavailable', error.trouble, { ...RETRY, cause: error.cause });
}

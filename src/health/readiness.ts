import { Injectable } from '@nestjs/common';
import { AppError, UnavailableError } from '../core/app-error.js';
import { StoreTrouble } from '../core/store-trouble.js';
import { ApiProperty } from '../http/swagger.js';
import { KeySet } from '../keys/key-set.js';
import { OauthClients } from '../oauth/oauth-clients.js';
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
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
    private readonly keys: KeySet,
    private readonly clients: OauthClients,
    private readonly ended: EndedLately,
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
    await Promise.all([this.users.ping(), this.sessions.ping()]).catch(tellTrouble);
    if (!this.ended.isLoaded) throw new UnavailableError('The store');
    const isDegraded = this.keys.isStale || this.clients.isStale;
    return { status: isDegraded ? 'degraded' : 'ok' };
  }
}

/** A store that says what is wrong with it is quoted: whoever asks here can help it. */
function tellTrouble(error: unknown): never {
  if (!(error instanceof StoreTrouble)) throw error;
  throw new AppError('service_unavailable', error.trouble, { ...RETRY, cause: error.cause });
}

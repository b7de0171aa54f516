import { Injectable } from '@nestjs/common';
import { EndedLately, type NamedSession } from './ended-lately.js';
import { refusalOf } from './refusal.js';
import type { Holder } from './session.js';
import { SessionStore } from './session.store.js';

/**
 * Answers for a credential that only names its session: is that session let in? What is known to have ended decides as long as
 * that knowledge is up to date; else the store is asked, each time.
 *
 * @example
 * const claims = this.tokens.read(token);
 * await this.liveness.requireLive(claims); // throws session_revoked for a session that has ended
 */
@Injectable()
export class Liveness {
  constructor(
    private readonly ended: EndedLately,
    private readonly store: SessionStore,
  ) {}

  /** Throws `session_revoked`, `session_expired`, `token_invalid` for a session nobody knows, and `UnavailableError`. */
  async requireLive(named: NamedSession): Promise<void> {
    if (this.ended.covers(named)) throw refusalOf('revoked');
    if (!this.ended.isUpToDate) await this.ask(named.sid);
  }

  /** The live session by the store's own word. Throws as `requireLive` does. */
  async ask(sessionId: string): Promise<Holder> {
    const found = await this.store.find(sessionId);
    if (found.state !== 'live') {
      // Whatever has become of it: who is told that a session is over finds it over.
      this.ended.add([sessionId]);
      throw refusalOf(found.state);
    }
    // The session may have ended here while the answer was on its way.
    if (this.ended.has(sessionId)) throw refusalOf('revoked');
    return found.holder;
  }
}

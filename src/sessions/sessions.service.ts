import { Injectable } from '@nestjs/common';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { AppError } from '../core/app-error.js';
import type { AuthMode, Transport } from '../core/credential.js';
import type { Origin } from '../core/origin.js';
import { StoreTime } from '../core/store-time.js';
import { EndRecorder } from './end-recorder.js';
import { EndedLately } from './ended-lately.js';
import { digestToken, mintToken, newSalt, successorOf } from './opaque-token.js';
import { refusalOf } from './refusal.js';
import { RotationRefusals } from './rotation-refusals.js';
import type { EndReason, Holder, Session } from './session.js';
import { type NewSession, SessionStore } from './session.store.js';
import { TokenStore } from './token.store.js';

export type Login = Omit<NewSession, 'id' | 'tokenDigest'>;

/** A live session and its current long-lived token: the only place where that token stands in full. */
export interface Held {
  readonly holder: Holder;
  readonly token: string;
}

/**
 * The only door to sessions and their long-lived tokens: token in, holder and next token out. Digests, salts and succession stay
 * behind it. Whatever ends here is refused on this instance before the caller goes on.
 *
 * @example
 * const { holder, token } = await sessions.open(login, origin);
 * await sessions.use(token, origin); // the holder
 * const next = await sessions.rotate(token, { mode: 'session', transport: 'bearer' }, origin);
 * await sessions.endBy(next.token, 'logout', origin);
 */
@Injectable()
export class SessionsService {
  constructor(
    private readonly store: SessionStore,
    private readonly tokens: TokenStore,
    private readonly ends: EndRecorder,
    private readonly ended: EndedLately,
    private readonly time: StoreTime,
    private readonly refusals: RotationRefusals,
  ) {}

  /** Throws `session_limit_reached`, and `login_failed` when the user was changed since they proved who they are. */
  async open(login: Login, origin: Origin): Promise<Held> {
    const { mode, roles } = login;
    const token = mintToken(mode);
    const opening = await this.store.open({ ...login, id: uuidv7(), tokenDigest: digestToken(token) }, origin);
    if (opening.outcome === 'user_changed') throw new AppError('login_failed');
    if (opening.outcome === 'limit_reached') throw new AppError('session_limit_reached');
    this.ends.record({ ended: opening.evicted, over: [] });
    return { holder: { session: opening.session, roles }, token };
  }

  /** Who holds this token; counts as a use. Throws the 401 that says what its holder should do. */
  async use(token: string, origin: Origin): Promise<Holder> {
    const use = await this.tokens.use(digestToken(token), origin);
    if (!('holder' in use)) {
      this.ends.recordRefusal(use);
      throw refusalOf(use.verdict);
    }
    // The session may have ended here while the answer was on its way.
    if (this.ended.has(use.holder.session.id)) throw refusalOf('revoked');
    return use.holder;
  }

  /**
   * Replaces a token by its successor, which is of the kind that `mode` names. Everyone who presents the token within the grace
   * window gets the same successor, of the kind that the first one asked for. Throws the 401 that says what to do, and
   * `rate_limited`; with `only`, `token_invalid` for a token of any other session.
   */
  async rotate(
    token: string,
    to: { mode: AuthMode; transport: Transport },
    origin: Origin,
    only?: string,
  ): Promise<Held> {
    const salt = newSalt();
    const successorDigest = digestToken(successorOf(token, salt, to.mode));
    const rotation = await this.tokens.rotate({ digest: digestToken(token), successorDigest, salt, ...to }, origin);
    if (!('holder' in rotation)) return this.refusals.refuse(rotation, origin, only);
    const { holder } = rotation;
    if (only !== undefined && holder.session.id !== only) throw refusalOf('unknown');
    // The session may have ended here while the answer was on its way.
    if (this.ended.has(holder.session.id)) throw refusalOf('revoked');
    return { holder, token: successorOf(token, rotation.salt, holder.session.mode) };
  }

  /** Ends the session of a token, current or replaced. Nothing happens when it is dead, or the token nobody's. */
  async endBy(token: string, reason: EndReason, origin: Origin): Promise<void> {
    const ending = await this.tokens.endBy(digestToken(token), { reason, origin });
    if (ending) this.ends.recordOne(ending);
  }

  /** Ends the session that an authentic credential names. It is over here even when the store has forgotten it. */
  async endNamed(named: { userId: string; sessionId: string }, reason: EndReason, origin: Origin): Promise<void> {
    const ending = await this.store.end(named.userId, named.sessionId, { reason, origin });
    this.ends.recordOne(ending ?? { ...named, outcome: 'revoked' });
  }

  /** Ends one session of this user. False when it is no id, not there, not theirs, or dead already. */
  async end(userId: string, sessionId: string, reason: EndReason, origin: Origin): Promise<boolean> {
    const ending = isUuid(sessionId) ? await this.store.end(userId, sessionId, { reason, origin }) : null;
    if (ending) this.ends.recordOne(ending);
    return ending?.outcome === 'ended';
  }

  /** Ends all live sessions of the user but `keepId`; says how many. */
  async endOthers(userId: string, keepId: string | null, reason: EndReason, origin: Origin): Promise<number> {
    const endings = await this.store.endOthers(userId, keepId, { reason, origin });
    this.ends.record(endings);
    return endings.ended.length;
  }

  /**
   * Ends what the user opened before their epoch moved to `authEpoch`, at `changedAt` by the clock of the store: just now, if that
   * is not said, and null when it is not known. With a time, the access tokens of a session that the store has forgotten are over,
   * too.
   */
  async endOlder(
    userId: string,
    authEpoch: number,
    origin: Origin,
    changedAt: number | null = this.time.known,
  ): Promise<void> {
    // While the time is not known the next reading of revocations tells of the change.
    if (changedAt !== null) this.ended.addOlder(userId, changedAt);
    const endings = await this.store.endOlder(userId, authEpoch, { reason: 'user_changed', origin });
    this.ends.record(endings);
  }

  async list(userId: string): Promise<Session[]> {
    return this.store.list(userId);
  }
}

import { asRecord } from './ask.js';
import { isTime, isUuid } from './rules/access-token.js';
import { isKid } from './rules/compact-token.js';

const TYPES: readonly string[] = ['session-revoked', 'user-not-before', 'key-retired'];

/** What the feed tells of sessions: ids and times only, after OpenID CAEP. Times are milliseconds since 1970. */
export type SessionEvent =
  | { readonly type: 'session-revoked'; readonly sid: string; readonly at: number }
  | { readonly type: 'user-not-before'; readonly sub: string; readonly notBefore: number };

/** And of keys: one whose signatures are believed no more. */
export type FeedEvent = SessionEvent | { readonly type: 'key-retired'; readonly kid: string };

export interface FeedPage {
  readonly events: readonly FeedEvent[];
  readonly cursor: string;
  readonly windowSeconds: number;
}

/** Null for a kind that is not known here, which a newer backend may send; throws for a known kind that is garbled. */
export function readFeedEvent(json: unknown): FeedEvent | null {
  const { type, sid, at, sub, notBefore, kid } = asRecord(json) ?? {};
  if (type === 'session-revoked' && isUuid(sid) && isTime(at)) return { type, sid, at };
  if (type === 'user-not-before' && isUuid(sub) && isTime(notBefore)) return { type, sub, notBefore };
  if (type === 'key-retired' && isKid(kid)) return { type, kid };
  if (typeof type === 'string' && !TYPES.includes(type)) return null;
  throw new Error('The feed sent an event that cannot be read.');
}

export function readFeedPage(json: unknown): FeedPage {
  const { events, cursor, windowSeconds } = asRecord(json) ?? {};
  // Under a minute cannot be the longest life of an access token, and would let us forget while a token still lives.
  const isWhole =
    Array.isArray(events) &&
    typeof cursor === 'string' &&
    cursor !== '' &&
    isTime(windowSeconds) &&
    windowSeconds >= 60;
  if (!isWhole) throw new Error('The feed sent a page that cannot be read.');
  return { events: events.map(readFeedEvent).filter((event) => event !== null), cursor, windowSeconds };
}

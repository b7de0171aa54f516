import { Injectable } from '@nestjs/common';

/** Close to OpenID CAEP's `session-revoked`: ids and times (milliseconds since the epoch), and nothing else. */
export type RevocationEvent =
  | { readonly type: 'session-revoked'; readonly sid: string; readonly at: number }
  /** Every session that the user began before `notBefore` is over. */
  | { readonly type: 'user-not-before'; readonly sub: string; readonly notBefore: number };

type Kind = RevocationEvent['type'];
type Times = Readonly<Record<Kind, number>>;

/** More than the longest life of an access token: what ended longer ago concerns no token that is still believed. */
export const WINDOW_MS = 16 * 60 * 1000;
/** Another instance may have learned of an event later than this one, so whoever resumes is told this much again. */
const OVERLAP_MS = 30_000;
const CURSOR = /^(\d{1,15})\.(\d{1,15})$/;

interface Learned {
  readonly event: RevocationEvent;
  /** The clock of the store that told of it, then. Sessions and users may be kept by two. */
  readonly asOf: number;
  /** By our monotonic clock: a store's may have been wrong for a moment. */
  readonly at: number;
}

/** What ended lately, in the order in which this instance learned of it, for those who follow the feed. */
@Injectable()
export class RevocationWindow {
  private readonly learned = new Map<string, Learned>();
  private readonly followers = new Set<(events: readonly RevocationEvent[]) => void>();
  /** Each store's clock when it was last asked with success. */
  private upTo: Times = { 'session-revoked': 0, 'user-not-before': 0 };

  /** Takes in what was read of one kind, at the store's time `asOf`; what is known already is passed over. */
  add(kind: Kind, read: readonly RevocationEvent[], asOf: Date): void {
    this.upTo = { ...this.upTo, [kind]: asOf.getTime() };
    const news = read.filter((event) => !this.learned.has(keyOf(event)));
    const at = performance.now();
    for (const event of news) this.learned.set(keyOf(event), { event, asOf: asOf.getTime(), at });
    this.forget(at);
    for (const follow of this.followers) follow(news);
  }

  /** Where a follower who knows everything so far goes on. */
  get cursor(): string {
    const { 'session-revoked': sessions, 'user-not-before': users } = this.upTo;
    return Buffer.from(`${sessions}.${users}`).toString('base64url');
  }

  /** Everything since a cursor, or in the whole window without one. Null for a cursor that is none, too old or not of this time. */
  since(cursor: string | undefined): RevocationEvent[] | null {
    const all = [...this.learned.values()];
    if (cursor === undefined) return all.map(({ event }) => event);
    const from = timesOf(cursor);
    if (!from || !this.covers(from)) return null;
    return all.flatMap(({ event, asOf }) => (asOf >= from[event.type] - OVERLAP_MS ? [event] : []));
  }

  /** Tells of each reading, also of one that brought nothing. Returns how to stop. */
  follow(follower: (events: readonly RevocationEvent[]) => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** A little ahead is another instance that has asked a moment later; more is a store whose clock was set back. */
  private covers(from: Times): boolean {
    return Object.entries(this.upTo).every(([kind, upTo]) => {
      const time = from[kind as Kind];
      return time >= upTo - WINDOW_MS + OVERLAP_MS && time <= upTo + OVERLAP_MS;
    });
  }

  private forget(now: number): void {
    for (const [key, { at }] of this.learned) {
      if (now - at < WINDOW_MS) return;
      this.learned.delete(key);
    }
  }
}

function keyOf(event: RevocationEvent): string {
  return event.type === 'session-revoked' ? event.sid : `${event.sub} ${event.notBefore}`;
}

function timesOf(cursor: string): Times | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, sessions, users] = CURSOR.exec(text) ?? [];
  if (!sessions || !users || Buffer.from(text).toString('base64url') !== cursor) return null;
  return { 'session-revoked': Number(sessions), 'user-not-before': Number(users) };
}

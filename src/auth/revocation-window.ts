import { Injectable } from '@nestjs/common';

/** Close to OpenID CAEP's `session-revoked`: ids and times (milliseconds since the epoch), and nothing else. */
export type RevocationEvent =
  | { readonly type: 'session-revoked'; readonly sid: string; readonly at: number }
  /** Every session that the user began before `notBefore` is over. */
  | { readonly type: 'user-not-before'; readonly sub: string; readonly notBefore: number };

export interface Learned {
  readonly event: RevocationEvent;
  /** By the clock of the store that told of it. Sessions and users may be kept by two. */
  readonly at: Date;
}

type Kind = RevocationEvent['type'];
type Times = Readonly<Record<Kind, number>>;

/** More than the longest life of an access token: what ended longer ago concerns no token that is still believed. */
export const WINDOW_MS = 16 * 60 * 1000;
/** Events become visible out of the order of their times, so whoever resumes is told this much again. */
const OVERLAP_MS = 10_000;
const CURSOR = /^(\d{1,15})\.(\d{1,15})$/;

/** What ended lately, in the order in which this instance learned of it, for those who follow the feed. */
@Injectable()
export class RevocationWindow {
  private readonly learned = new Map<string, Learned>();
  private readonly followers = new Set<(events: readonly RevocationEvent[]) => void>();
  /** Each store's clock when it was last asked with success. */
  private upTo: Times = { 'session-revoked': 0, 'user-not-before': 0 };

  /** Takes in what was read of one kind, up to the store's time `asOf`; what is known already is passed over. */
  add(kind: Kind, read: readonly Learned[], asOf: Date): void {
    this.upTo = { ...this.upTo, [kind]: asOf.getTime() };
    const news = read.filter((one) => !this.learned.has(keyOf(one.event)) && this.ageOf(one) < WINDOW_MS);
    for (const one of news) this.learned.set(keyOf(one.event), one);
    this.forget();
    for (const follow of this.followers) follow(news.map(({ event }) => event));
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
    return all.flatMap(({ event, at }) => (at.getTime() >= from[event.type] - OVERLAP_MS ? [event] : []));
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

  /** They were learned of in about the order of their times, so the first that is young enough ends the search. */
  private forget(): void {
    for (const [key, one] of this.learned) {
      if (this.ageOf(one) < WINDOW_MS + OVERLAP_MS) return;
      this.learned.delete(key);
    }
  }

  private ageOf({ event, at }: Learned): number {
    return this.upTo[event.type] - at.getTime();
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

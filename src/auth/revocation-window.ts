import { Injectable } from '@nestjs/common';

/** Close to OpenID CAEP's `session-revoked`: ids and times (milliseconds since the epoch), and nothing else. */
export type RevocationEvent =
  | { readonly type: 'session-revoked'; readonly sid: string; readonly at: number }
  /** Every session that the user began before `notBefore` is over. */
  | { readonly type: 'user-not-before'; readonly sub: string; readonly notBefore: number };

/** More than the longest life of an access token: what ended longer ago concerns no token that is still believed. */
export const WINDOW_MS = 16 * 60 * 1000;
/** Events become visible out of the order of their times, so whoever resumes is told this much again. */
const OVERLAP_MS = 10_000;

/** What ended lately, in the order in which this instance learned of it, for those who follow the feed. */
@Injectable()
export class RevocationWindow {
  private readonly events = new Map<string, RevocationEvent>();
  private readonly followers = new Set<(events: readonly RevocationEvent[]) => void>();
  /** The store's clock when it was last asked with success. */
  private upTo = 0;

  /** Takes in what one pull brought, up to the store's time `asOf`; what is known already is passed over. */
  add(events: readonly RevocationEvent[], asOf: Date): void {
    this.upTo = Math.max(this.upTo, asOf.getTime());
    const news = events.filter((event) => !this.events.has(keyOf(event)) && timeOf(event) > this.upTo - WINDOW_MS);
    for (const event of news) this.events.set(keyOf(event), event);
    this.forget();
    for (const follow of this.followers) follow(news);
  }

  /** Where a follower who knows everything so far goes on. */
  get cursor(): string {
    return Buffer.from(String(this.upTo)).toString('base64url');
  }

  /** Everything since a cursor, or in the whole window without one. Null for a cursor that is none or too old. */
  since(cursor: string | undefined): RevocationEvent[] | null {
    if (cursor === undefined) return [...this.events.values()];
    const from = timeOfCursor(cursor);
    if (from === null || from < this.upTo - WINDOW_MS + OVERLAP_MS) return null;
    return [...this.events.values()].filter((event) => timeOf(event) >= from - OVERLAP_MS);
  }

  /** Tells of each pull, also of one that brought nothing. Returns how to stop. */
  follow(follower: (events: readonly RevocationEvent[]) => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** They were learned of in about the order of their times, so the first that is young enough ends the search. */
  private forget(): void {
    for (const [key, event] of this.events) {
      if (timeOf(event) > this.upTo - WINDOW_MS - OVERLAP_MS) return;
      this.events.delete(key);
    }
  }
}

function keyOf(event: RevocationEvent): string {
  return event.type === 'session-revoked' ? event.sid : `${event.sub} ${event.notBefore}`;
}

function timeOf(event: RevocationEvent): number {
  return event.type === 'session-revoked' ? event.at : event.notBefore;
}

function timeOfCursor(cursor: string): number | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  return /^\d{1,15}$/.test(text) && Buffer.from(text).toString('base64url') === cursor ? Number(text) : null;
}

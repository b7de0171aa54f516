import { Injectable } from '@nestjs/common';

/** No access token lives longer, so a session that ended longer ago needs no remembering here. */
const REMEMBERED_MS = 16 * 60 * 1000;

/**
 * The sessions that this instance knows to have ended lately. It makes refusals quick; it is never the only one to know:
 * the store is. What was added stays until every access token of the session has run out.
 */
@Injectable()
export class EndedSessions {
  /** By the monotonic clock: the wall clock could jump and make us forget too early. */
  private readonly forgetAt = new Map<string, number>();

  add(sessionIds: readonly string[]): void {
    const forgetAt = performance.now() + REMEMBERED_MS;
    for (const id of sessionIds) {
      // Deleted first, so that the map stays in the order in which its entries are forgotten.
      this.forgetAt.delete(id);
      this.forgetAt.set(id, forgetAt);
    }
    this.forget();
  }

  has(sessionId: string): boolean {
    return this.forgetAt.has(sessionId);
  }

  private forget(): void {
    const now = performance.now();
    for (const [id, at] of this.forgetAt) {
      if (at > now) return;
      this.forgetAt.delete(id);
    }
  }
}

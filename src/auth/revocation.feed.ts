import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UnavailableError } from '../core/app-error.js';
import { Clock } from '../core/clock.js';
import { EndedSessions } from '../sessions/ended-sessions.js';
import { RevocationHints } from '../sessions/revocation-hints.js';
import { type EndedSession, SessionStore } from '../sessions/session.store.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type ChangedUser, UserStore } from '../users/user.store.js';
import { type RevocationEvent, RevocationWindow, WINDOW_MS } from './revocation-window.js';

/**
 * How long a session that was ended elsewhere may be let in here, whatever fails: what the store has told is taken for the
 * whole truth for no longer than this, reckoned from before it was asked.
 */
export const REVOCATION_BOUND_MS = 1_000;
/** How often the store is asked. A revocation elsewhere is known here within this and the time of one answer. */
const PULL_EVERY_MS = 500;
/** Commits become visible out of order, so each pull reaches back this far. */
const OVERLAP_MS = 10_000;
/** Hints may come in any number; they make the store be asked no more often than this. */
const HINTED_EVERY_MS = 50;
const PAGE = 1000;

/**
 * Keeps `EndedSessions` up to date with what other instances have ended, and ends the sessions of users who were changed
 * by another process. It asks every half second, and at once when it is given a hint; only the first of these is relied on.
 * What it has read before does no harm when it is read again.
 */
@Injectable()
export class RevocationFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('revocations');
  private sessionsSince: Date;
  private usersSince: Date;
  /** By the monotonic clock, taken before the store was asked. */
  private upToDateAt = -Infinity;
  private askedAt = -Infinity;
  private pulling: Promise<void> | undefined;
  /** A hint came that no pull has followed yet. */
  private hinted = false;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;
  private failing = false;
  private readonly epochs = new Map<string, number>();

  constructor(
    private readonly ended: EndedSessions,
    private readonly store: SessionStore,
    private readonly sessions: SessionsService,
    private readonly users: UserStore,
    private readonly window: RevocationWindow,
    private readonly hints: RevocationHints,
    clock: Clock,
  ) {
    this.sessionsSince = new Date(clock.now() - WINDOW_MS);
    this.usersSince = this.sessionsSince;
  }

  /** Whether everything that ended longer ago than the bound is known here. Also false after this process was held up. */
  get isHealthy(): boolean {
    return performance.now() - this.upToDateAt < REVOCATION_BOUND_MS;
  }

  /** Whether this instance knows what had ended before it started. */
  get isLoaded(): boolean {
    return this.upToDateAt > -Infinity;
  }

  /** Before the application listens. When this first pull fails, the instance is not ready and each request asks the store. */
  async onApplicationBootstrap(): Promise<void> {
    this.hints.listen(() => void this.pullAfresh());
    await this.pull();
    this.timer = setInterval(() => void this.pull(), PULL_EVERY_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.hints.close();
    await this.pulling;
  }

  /** Asks once, now; who asks while that is under way gets the same answer. */
  async pull(): Promise<void> {
    this.pulling ??= this.pullOnce().finally(() => (this.pulling = undefined));
    await this.pulling;
  }

  /** A pull that is under way may have asked before the commit that the hint is about, so another one follows it. */
  private async pullAfresh(): Promise<void> {
    if (this.closed || this.hinted) return;
    this.hinted = true;
    await this.pulling;
    const left = this.askedAt + HINTED_EVERY_MS - performance.now();
    if (left > 0) await pause(left);
    this.hinted = false;
    if (!this.closed) await this.pull();
  }

  private async pullOnce(): Promise<void> {
    const askedAt = performance.now();
    this.askedAt = askedAt;
    try {
      await this.pullSessions();
      await this.pullUsers();
      this.upToDateAt = askedAt;
      this.failing = false;
    } catch (error) {
      // Whatever it was: without an answer the feed turns unhealthy by itself, and each request asks the store.
      if (!this.failing)
        this.logger.error({ failed: error instanceof UnavailableError ? error.code : describe(error) });
      this.failing = true;
    }
  }

  private async pullSessions(): Promise<void> {
    for (;;) {
      const { ended, asOf } = await this.store.endedSince(this.sessionsSince, PAGE);
      this.ended.add(ended.map(({ sessionId }) => sessionId));
      this.window.add(ended.map(sessionRevoked), asOf);
      this.sessionsSince = nextSince(this.sessionsSince, ended.at(-1)?.endedAt, asOf, ended.length === PAGE);
      if (ended.length < PAGE) return;
    }
  }

  private async pullUsers(): Promise<void> {
    const { changed, asOf } = await this.users.changedSince(this.usersSince, PAGE);
    for (const { userId, authEpoch } of changed) {
      if (this.epochs.get(userId) === authEpoch) continue;
      await this.sessions.endOlder(userId, authEpoch);
      this.epochs.set(userId, authEpoch);
    }
    if (changed.length === 0) this.epochs.clear();
    this.window.add(changed.map(userNotBefore), asOf);
    this.usersSince = nextSince(this.usersSince, changed.at(-1)?.changedAt, asOf, changed.length === PAGE);
  }
}

function sessionRevoked({ sessionId: sid, endedAt }: EndedSession): RevocationEvent {
  return { type: 'session-revoked', sid, at: endedAt.getTime() };
}

function userNotBefore({ userId: sub, changedAt }: ChangedUser): RevocationEvent {
  return { type: 'user-not-before', sub, notBefore: changedAt.getTime() };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** A full page goes on at its last entry; anything else at the overlap before the store's own clock. Never backwards. */
function nextSince(since: Date, last: Date | undefined, asOf: Date, full: boolean): Date {
  if (full && last && last > since) return last;
  if (full) return new Date(since.getTime() + 1);
  return new Date(Math.max(since.getTime(), asOf.getTime() - OVERLAP_MS));
}

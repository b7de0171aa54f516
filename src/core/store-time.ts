import { Injectable } from '@nestjs/common';
import { UnavailableError } from './app-error.js';
import { Clock, type Moment } from './clock.js';

/** What the store's clock showed at some time between two moments of this process. */
export interface Reading {
  readonly askedAt: Moment;
  /** The store's clock has ticks of a millisecond: what it shows is cut off, not rounded. */
  readonly asOf: Date;
  readonly heardAt: Moment;
}

/** A clock that is being corrected runs too fast or too slow by this much at most (500 ppm, adjtimex(2)). */
const DRIFT = 0.0005;
const TICK_MS = 1;
/** When the wall clock and the monotonic one differ by more about a span of time, one was set or the machine was suspended. */
const APART_MS = 500;
/** For so long a reading is worth more than the wall clock: four times the time between two readings. */
const TRUSTED_MS = 2_000;

/**
 * The time of the store that keeps the sessions, as far as this process knows it: its own monotonic clock, and how far the store's
 * clock is from that, learnt anew with each reading. All instances date and judge access tokens by it, so the wall clock of an
 * instance may be wrong, or jump, and nobody notices. Sessions begin and end by that store's clock: where users are kept by another
 * one, the clock of the users' store dates nothing that a token says.
 *
 * How far off it is: at a reading never behind the store's clock, so that nothing is believed for longer than the store would, and
 * ahead by no more than the quickest of the latest answers took (some milliseconds). From one reading to the next the two clocks
 * drift apart by half a millisecond a second at most.
 *
 * @example
 * time.learn({ askedAt, asOf, heardAt: clock.now() });
 * time.now(); // 1767605400123, milliseconds since 1970
 */
@Injectable()
export class StoreTime {
  /** Between which bounds the store's clock minus the monotonic one was, and when that was heard. */
  private learnt: { readonly least: number; readonly most: number; readonly at: Moment } | null = null;

  constructor(private readonly clock: Clock) {}

  learn({ askedAt, asOf, heardAt }: Reading): void {
    // The machine may have been suspended between the store's answer and its arrival here: that tells nothing.
    if (apart(askedAt, heardAt) > APART_MS) return;
    const told = { least: asOf.getTime() - heardAt.monotonic, most: asOf.getTime() + TICK_MS - askedAt.monotonic };
    this.learnt = { ...(this.narrowed(told, heardAt) ?? told), at: heardAt };
  }

  /** Milliseconds since 1970. Throws `UnavailableError` where `known` is null: no token is dated or judged then. */
  now(): number {
    const { known } = this;
    if (known === null) throw new UnavailableError('The clock of the store');
    return known;
  }

  /**
   * As `now`. Null until the store has been read, and when its last answer is some time ago and the two clocks of this process do
   * not agree how long: a machine that was suspended, say, until it has read the store again.
   */
  get known(): number | null {
    if (!this.learnt) return null;
    const now = this.clock.now();
    const isOld = now.monotonic - this.learnt.at.monotonic > TRUSTED_MS;
    if (isOld && apart(this.learnt.at, now) > APART_MS) return null;
    return Math.floor(now.monotonic + this.learnt.most);
  }

  /** Both what was known and what is told now. Null when they contradict each other: the store's clock was set. */
  private narrowed(told: { least: number; most: number }, heardAt: Moment): typeof told | null {
    if (!this.learnt) return null;
    const drift = DRIFT * Math.abs(heardAt.monotonic - this.learnt.at.monotonic);
    const least = Math.max(told.least, this.learnt.least - drift);
    const most = Math.min(told.most, this.learnt.most + drift);
    return least <= most ? { least, most } : null;
  }
}

/** By how much the two clocks differ about the time between two moments. */
function apart(from: Moment, to: Moment): number {
  return Math.abs(to.wall - from.wall - (to.monotonic - from.monotonic));
}

import { UnavailableError } from '../../src/core/app-error.js';
import { StoreTime } from '../../src/core/store-time.js';
import { MovedClock } from '../support/moved-clock.js';

const HOUR = 3_600_000;

/** A clock that shows what it is told and nothing else, so that a test is exact to the millisecond. */
class StoppedClock extends MovedClock {
  private readonly at = { monotonic: 1_000, wall: Date.UTC(2026, 0, 5, 10) };
  private wallMs = 0;

  override now() {
    return { monotonic: this.at.monotonic + this.offsetMs, wall: this.at.wall + this.offsetMs + this.wallMs };
  }

  override jump(ms: number): void {
    this.wallMs += ms;
  }
}

/** A store whose clock is `aheadMs` ahead of the wall clock that this process started with. */
class Store {
  readonly clock = new StoppedClock();
  readonly time = new StoreTime(this.clock);
  private readonly base = this.clock.now().wall;

  constructor(public aheadMs = 0) {}

  /** What its clock shows. */
  get shows(): number {
    return this.base + this.clock.offsetMs + this.aheadMs;
  }

  /** One reading: so long to the store, and so long back. */
  read(thereMs = 0, backMs = 0, onTheWay = (): void => undefined): void {
    const askedAt = this.clock.now();
    this.clock.advance(thereMs);
    const asOf = new Date(this.shows);
    onTheWay();
    this.clock.advance(backMs);
    this.time.learn({ askedAt, asOf, heardAt: this.clock.now() });
  }

  /** How far ahead of the store's clock the time is here. */
  get off(): number {
    return this.time.now() - this.shows;
  }
}

describe('the time of the store', () => {
  it('is not known before the store has told it', () => {
    const { time } = new Store();
    expect(() => time.now()).toThrow(UnavailableError);
    expect(time.known).toBeNull();
  });

  it.each([0, HOUR, -HOUR])('is the store’s, whose clock is %i ms ahead', (aheadMs) => {
    const store = new Store(aheadMs);
    store.read();
    store.clock.advance(400);
    expect(store.off).toBeGreaterThanOrEqual(0);
    expect(store.off).toBeLessThanOrEqual(1);
  });

  it.each([HOUR, -HOUR, 10 * 60_000, 400])('is not moved by a wall clock that jumps by %i ms', (ms) => {
    const store = new Store();
    store.read();
    store.clock.jump(ms);
    expect(store.off).toBeLessThanOrEqual(1);
    store.clock.advance(500);
    store.read();
    store.clock.advance(10_000);
    expect(store.off).toBeGreaterThanOrEqual(0);
    expect(store.off).toBeLessThanOrEqual(2);
  });

  it('is never behind, and ahead by no more than the quickest of the latest answers took', () => {
    const store = new Store();
    store.read(3, 900);
    expect(store.off).toBeGreaterThanOrEqual(0);
    expect(store.off).toBeLessThanOrEqual(4);
    store.clock.advance(500);
    store.read(2, 1);
    store.clock.advance(500);
    store.read(700, 900);
    expect(store.off).toBeGreaterThanOrEqual(0);
    expect(store.off).toBeLessThanOrEqual(5);
  });

  it.each([HOUR, -HOUR, 50, -50])('follows a store’s clock that was set by %i ms, with the next reading', (ms) => {
    const store = new Store();
    store.read(2, 2);
    store.aheadMs += ms;
    store.clock.advance(500);
    store.read(2, 2);
    expect(store.off).toBeGreaterThanOrEqual(0);
    expect(store.off).toBeLessThanOrEqual(4);
  });

  it('is not known while the last answer is old and the two clocks do not agree how old, until the next', () => {
    const store = new Store();
    store.read();
    store.clock.advance(HOUR);
    expect(store.off).toBeGreaterThanOrEqual(0);
    store.clock.jump(HOUR);
    expect(() => store.time.now()).toThrow(UnavailableError);
    expect(store.time.known).toBeNull();
    store.read();
    expect(store.off).toBeLessThanOrEqual(1);
  });

  it('is not learnt from an answer on whose way the machine was suspended', () => {
    const store = new Store();
    // The store's clock goes on, and so does the wall clock; the monotonic one stands still.
    const suspend = (): void => {
      store.aheadMs += HOUR;
      store.clock.jump(HOUR);
    };
    store.read(1, 1, suspend);
    expect(store.time.known).toBeNull();
    store.read(1, 1);
    expect(store.off).toBeGreaterThanOrEqual(0);
    expect(store.off).toBeLessThanOrEqual(2);
  });
});

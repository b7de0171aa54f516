/** A moment of this process on both clocks, in milliseconds. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export const LONG_AGO: Moment = { monotonic: -Infinity, wall: -Infinity };

export function moment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

/**
 * Milliseconds since then, by whichever clock says more: the monotonic one cannot be set back, but stands still while a virtual
 * machine is suspended. So a thing can look older than it is, and never younger.
 */
export function ageOf({ monotonic, wall }: Moment): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall);
}

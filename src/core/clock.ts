/**
 * What time it is on this instance, in milliseconds since the epoch. It dates JWTs and the memory store; the Postgres and
 * Redis stores go by their own server's clock, which all instances share.
 */
export abstract class Clock {
  abstract now(): number;
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

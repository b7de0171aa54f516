/** Where the scripts get the time from. A script runs it once, so a whole act happens at one moment. */
export abstract class StoreClock {
  /** Lua that declares `local now`: milliseconds since the epoch. It may use `prefix`, the prefix of our keys. */
  abstract readonly lua: string;
}

/** The server's own clock, which all instances share. */
export class RedisTime extends StoreClock {
  readonly lua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;
}

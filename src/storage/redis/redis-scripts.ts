import { createHash } from 'node:crypto';
import type { StoreClock } from './redis-clock.js';
import type { RedisConnection } from './redis-connection.js';
import { isUnknownScript } from './redis-fault.js';
import type { RedisScript } from './redis-script.js';
import { PRELUDE } from './scripts/prelude.js';

/** Runs our scripts: by digest, and in full when the server does not know them (it forgets them when it restarts). */
export class RedisScripts {
  private readonly known = new Map<RedisScript, { text: string; sha: string }>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: StoreClock,
  ) {}

  /** Runs a script with `values` after the prefix, as one act. */
  async run(script: RedisScript, values: readonly (string | number)[] = []): Promise<unknown> {
    const { text, sha } = this.known.get(script) ?? this.learn(script);
    const rest = ['0', this.redis.prefix, ...values.map(String)];
    try {
      return await this.redis.send(['EVALSHA', sha, ...rest]);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return this.redis.send(['EVAL', text, ...rest]);
    }
  }

  private learn(script: RedisScript): { text: string; sha: string } {
    const learnt = wholeText(script, this.clock);
    this.known.set(script, learnt);
    return learnt;
  }
}

/** What the server is given, and the digest by which it then knows it. */
export function wholeText({ lua }: RedisScript, clock: StoreClock): { text: string; sha: string } {
  const text = `local prefix = ARGV[1]\n${clock.lua}\n${PRELUDE}\n${lua}`;
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

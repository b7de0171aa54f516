import { createHash } from 'node:crypto';
import type { StoreClock } from './redis-clock.js';
import type { RedisConnection } from './redis-connection.js';
import { isUnknownScript } from './redis-fault.js';
import { PRELUDE } from './scripts/prelude.js';

/** Runs our scripts: by digest, and in full when the server does not know them (it forgets them when it restarts). */
export class RedisScripts {
  private readonly known = new Map<string, { text: string; sha: string }>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: StoreClock,
  ) {}

  /** Runs a script, whose `ARGV[1]` is the prefix and whose others are `values`, as one act. */
  async run(script: string, values: readonly (string | number)[] = []): Promise<unknown> {
    const { text, sha } = this.known.get(script) ?? this.learn(script);
    const rest = ['0', this.redis.prefix, ...values.map(String)];
    try {
      return await this.redis.send(['EVALSHA', sha, ...rest]);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return this.redis.send(['EVAL', text, ...rest]);
    }
  }

  private learn(script: string): { text: string; sha: string } {
    const text = `local prefix = ARGV[1]\n${this.clock.lua}\n${PRELUDE}\n${script}`;
    const learnt = { text, sha: createHash('sha1').update(text).digest('hex') };
    this.known.set(script, learnt);
    return learnt;
  }
}

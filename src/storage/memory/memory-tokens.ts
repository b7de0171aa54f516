import { FORGOTTEN_AT_ONCE } from '../../sessions/retention.js';
import type { MemorySession } from './memory-session.js';
import { isForgotten, type MemoryToken } from './memory-token.js';

/** Every token that is remembered, by its digest. */
export class MemoryTokens {
  private readonly tokens = new Map<string, MemoryToken>();

  constructor(private readonly graceMs: number) {}

  has(digest: Buffer): boolean {
    return this.tokens.has(keyOf(digest));
  }

  find(digest: Buffer, now: number): MemoryToken | undefined {
    const token = this.tokens.get(keyOf(digest));
    return token && !isForgotten(token, now, this.graceMs) ? token : undefined;
  }

  /** When the token of this generation was replaced. Null when it is not remembered, or current. */
  replacedAt({ digests }: MemorySession, generation: number): number | null {
    const key = digests.find((each) => this.tokens.get(each)!.generation === generation);
    return key === undefined ? null : this.tokens.get(key)!.replacedAt;
  }

  /** Makes this the current token of the session's generation, and deletes a few of those that it makes forgotten. */
  add(session: MemorySession, digest: Buffer, now: number): void {
    const { generation, digests } = session;
    this.tokens.set(keyOf(digest), { session, generation, replacedAt: null });
    digests.push(keyOf(digest));
    const oldest = digests.slice(0, FORGOTTEN_AT_ONCE).map((key) => this.tokens.get(key)!);
    const forgotten = oldest.filter((token) => isForgotten(token, now, this.graceMs));
    for (const key of digests.splice(0, forgotten.length)) this.tokens.delete(key);
  }

  deleteAll({ digests }: MemorySession): void {
    for (const key of digests) this.tokens.delete(key);
  }
}

function keyOf(digest: Buffer): string {
  return digest.toString('base64url');
}

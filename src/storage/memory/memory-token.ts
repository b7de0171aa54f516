import { REMEMBERED_GENERATIONS } from '../../sessions/retention.js';
import type { MemorySession } from './memory-session.js';

/** A token as the store knows it. Its key is the digest; the token itself is nowhere. */
export interface MemoryToken {
  readonly session: MemorySession;
  readonly generation: number;
  /** When its successor was issued, by which the grace window is counted. Null while it is current. */
  replacedAt: number | null;
}

/** Whether a token is as good as deleted: too many generations have followed it, and its grace window is over. */
export function isForgotten(token: MemoryToken, now: number, graceMs: number): boolean {
  if (token.generation > token.session.generation - REMEMBERED_GENERATIONS) return false;
  return token.replacedAt === null || now >= token.replacedAt + graceMs;
}

export type Worth = 'current' | 'predecessor' | 'superseded' | 'reused';

/** What a token of a live session is worth. Generations decide; time only bounds the grace window. */
export function worthOf(token: MemoryToken, now: number, graceMs: number): Worth {
  const { generation } = token.session;
  if (token.generation === generation) return 'current';
  if (token.replacedAt === null || now >= token.replacedAt + graceMs) return 'reused';
  return token.generation === generation - 1 ? 'predecessor' : 'superseded';
}

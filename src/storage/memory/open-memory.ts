import type { SessionParts, SessionSide } from '../sides.js';
import { MemoryHints } from './memory-hints.js';
import { MemorySessionStore } from './memory-session.store.js';
import { MemorySessions } from './memory-sessions.js';
import { MemoryTokenStore } from './memory-token.store.js';

/** Sessions and their tokens in this process. */
export function openMemorySessions({ clock, policy, users, audit }: SessionParts): SessionSide {
  const state = new MemorySessions(clock, policy);
  return {
    sessions: new MemorySessionStore(state, users, audit),
    tokens: new MemoryTokenStore(state, audit),
    hints: new MemoryHints(),
    close: async () => undefined,
  };
}

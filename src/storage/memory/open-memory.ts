import { randomBytes } from 'node:crypto';
import { KeyedHash } from '../../core/keyed-hash.js';
import type { SessionParts, SessionSide, StorageParts, UserSide } from '../sides.js';
import { MemoryAuditTrail } from './memory-audit-trail.js';
import { MemoryHints } from './memory-hints.js';
import { MemoryLimitStore } from './memory-limit.store.js';
import { MemorySessionStore } from './memory-session.store.js';
import { MemorySessions } from './memory-sessions.js';
import { MemoryTokenStore } from './memory-token.store.js';
import { MemoryUserStore } from './memory-user.store.js';

/** Users and what is kept of them, in this process. What is done to users is told by whoever opens this. */
export function openMemory({ clock, log }: StorageParts): UserSide {
  const hash = new KeyedHash(randomBytes(32));
  const audit = new MemoryAuditTrail(log, hash, clock);
  return {
    users: new MemoryUserStore(clock),
    limits: new MemoryLimitStore(clock),
    audit,
    hash,
    close: () => audit.close(),
  };
}

/** Sessions and their tokens, in this process. */
export function openMemorySessions({ clock, policy, users, audit }: SessionParts): SessionSide {
  const state = new MemorySessions(clock, policy);
  return {
    sessions: new MemorySessionStore(state, users, audit),
    tokens: new MemoryTokenStore(state, audit),
    hints: new MemoryHints(),
    close: async () => undefined,
  };
}

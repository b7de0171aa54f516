import { Module } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Clock } from '../../core/clock.js';
import { RevocationHints } from '../../sessions/revocation-hints.js';
import { SessionPolicy } from '../../sessions/session-policy.options.js';
import { SessionStore } from '../../sessions/session.store.js';
import { TokenStore } from '../../sessions/token.store.js';
import { UserStore } from '../../users/user.store.js';
import { MemoryHints } from './memory-hints.js';
import { MemorySessionStore } from './memory-session.store.js';
import { MemorySessions } from './memory-sessions.js';
import { MemoryTokenStore } from './memory-token.store.js';

@Module({
  providers: [
    {
      provide: MemorySessions,
      inject: [Clock, SessionPolicy],
      useFactory: (clock: Clock, policy: SessionPolicy) => new MemorySessions(clock, policy),
    },
    {
      provide: SessionStore,
      inject: [MemorySessions, UserStore, AuditTrail],
      useFactory: (...parts: ConstructorParameters<typeof MemorySessionStore>) => new MemorySessionStore(...parts),
    },
    {
      provide: TokenStore,
      inject: [MemorySessions, AuditTrail],
      useFactory: (...parts: ConstructorParameters<typeof MemoryTokenStore>) => new MemoryTokenStore(...parts),
    },
    { provide: RevocationHints, useClass: MemoryHints },
  ],
  exports: [SessionStore, TokenStore, RevocationHints],
})
export class MemoryModule {}

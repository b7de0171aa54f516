import { UsersSessionsRefreshTokens1760000000000 } from './1760000000000-users-sessions-refresh-tokens.js';
import { ProofAndOneEnd1763700000000 } from './1763700000000-proof-and-one-end.js';
import { RoomForUses1763800000000 } from './1763800000000-room-for-uses.js';
import { ASharedKey1763850000000 } from './1763850000000-a-shared-key.js';
import { AuditTrail1763900000000 } from './1763900000000-audit-trail.js';

/** Every migration, oldest first. A new one is added here by hand. */
export const migrations = [
  UsersSessionsRefreshTokens1760000000000,
  ProofAndOneEnd1763700000000,
  RoomForUses1763800000000,
  ASharedKey1763850000000,
  AuditTrail1763900000000,
];

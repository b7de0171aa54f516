import { UsersSessionsRefreshTokens1760000000000 } from './1760000000000-users-sessions-refresh-tokens.js';
import { ProofAndOneEnd1763700000000 } from './1763700000000-proof-and-one-end.js';
import { RoomForUses1763800000000 } from './1763800000000-room-for-uses.js';
import { ASharedKey1763850000000 } from './1763850000000-a-shared-key.js';
import { AuditTrail1763900000000 } from './1763900000000-audit-trail.js';
import { Limits1764000000000 } from './1764000000000-limits.js';
import { ASchemaOfItsOwn1764100000000 } from './1764100000000-a-schema-of-its-own.js';
import { ClaimsOfASession1764200000000 } from './1764200000000-claims-of-a-session.js';
import type { Migration } from './migration.js';

/** Every migration, oldest first. A new one is added here by hand. */
export const migrations: readonly (new () => Migration)[] = [
  UsersSessionsRefreshTokens1760000000000,
  ProofAndOneEnd1763700000000,
  RoomForUses1763800000000,
  ASharedKey1763850000000,
  AuditTrail1763900000000,
  Limits1764000000000,
  ASchemaOfItsOwn1764100000000,
  ClaimsOfASession1764200000000,
];

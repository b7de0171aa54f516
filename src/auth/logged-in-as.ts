import { randomUUID } from 'node:crypto';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { CrossOrigin } from '../http/cross-origin.js';
import type { Principal } from '../http/principal.js';
import { AuthGuard, GuardParts } from './auth.guard.js';
import { AcceptedStrategies, type AuthStrategy } from './auth.strategy.js';
import type { CarriedCredential } from './carried-credential.js';

/** Who every request of a test comes from; what is left out has a value that a user would have. */
export type TestUser = Partial<Principal>;

@Global()
@Module({})
class LoggedInModule {}

/**
 * In the tests of an application, in place of `SallyportModule`: the guards are ours and judge as ever, but every request is this
 * user's, and nothing is asked of any store. `null` is somebody who has not logged in.
 *
 * ```ts
 * await Test.createTestingModule({ imports: [OrdersModule, loggedInAs({ roles: ['admin'] })] }).compile();
 * ```
 *
 * A whole application takes it by name, when it keeps its `SallyportModule.forRoot(…)` in a constant:
 *
 * ```ts
 * await Test.createTestingModule({ imports: [AppModule] })
 *   .overrideModule(sallyport)
 *   .useModule(loggedInAs({ userId }))
 *   .compile();
 * ```
 */
export function loggedInAs(user: TestUser | null): DynamicModule {
  const parts = user ? partsOf(principalOf(user)) : nobody();
  return {
    module: LoggedInModule,
    providers: [{ provide: GuardParts, useValue: parts }, AuthGuard, { provide: APP_GUARD, useExisting: AuthGuard }],
    exports: [GuardParts, AuthGuard],
  };
}

function principalOf(user: TestUser): Principal {
  return {
    userId: randomUUID(),
    sessionId: randomUUID(),
    roles: ['user'],
    authTime: new Date(),
    acr: 'aal1',
    amr: ['pwd'],
    claims: {},
    mode: 'session',
    transport: 'bearer',
    ...user,
  };
}

/** As much of the guards' parts as they ask when the one credential there is belongs to this user, whichever guard asks. */
function partsOf(principal: Principal): GuardParts {
  const strategy = {
    mode: principal.mode,
    recognises: () => true,
    authenticate: async () => ({
      principal,
      session: null,
      issuedAt: principal.authTime,
      expiresAt: principal.authTime,
    }),
  };
  const carried = { access: () => ({ token: 'test', transport: principal.transport }) };
  return new GuardParts(
    carried as unknown as CarriedCredential,
    new AcceptedStrategies(strategy as unknown as AuthStrategy, []),
    { requireFromHere: () => undefined } as unknown as CrossOrigin,
    { tell: () => undefined } as unknown as AuditTrail,
  );
}

function nobody(): GuardParts {
  const { accepted, crossOrigin, audit } = partsOf(principalOf({}));
  return new GuardParts({ access: () => null } as unknown as CarriedCredential, accepted, crossOrigin, audit);
}

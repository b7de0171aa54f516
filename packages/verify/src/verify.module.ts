import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { Backend } from './backend.js';
import { CredentialVerifier } from './credential.verifier.js';
import { Introspection } from './introspection.js';
import { FeedFollower } from './feed-follower.js';
import { Revocations } from './revocations.js';
import { Clock, SystemClock } from './rules/clock.js';
import { SallyportGuard } from './sallyport.guard.js';
import { SigningKeys } from './signing-keys.js';
import { type VerifyOptions, VerifySettings } from './verify.options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<VerifyOptions>()
  .setClassMethodName('forRoot')
  // Global: one feed and one cache for the process, and `@UseGuards(SallyportGuard)` works in every module.
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/** `SallyportVerifyModule.forRoot({ issuer, audience, clientId, clientSecret })`, or `forRootAsync` with a factory. */
@Module({
  providers: [
    { provide: VerifySettings, useFactory: VerifySettings.from, inject: [MODULE_OPTIONS_TOKEN] },
    { provide: Clock, useClass: SystemClock },
    Backend,
    SigningKeys,
    AccessTokenVerifier,
    Revocations,
    FeedFollower,
    Introspection,
    CredentialVerifier,
    SallyportGuard,
  ],
  exports: [SallyportGuard, CredentialVerifier, FeedFollower],
})
export class SallyportVerifyModule extends ConfigurableModuleClass {}

import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuditOptions } from './audit/audit.options.js';
import { AuthModule } from './auth/auth.module.js';
import { AuthOptions } from './auth/auth.options.js';
import { JwtOptions } from './auth/jwt/jwt.options.js';
import type { Config } from './config/config.js';
import { CoreModule } from './core/core.module.js';
import { EdgeModule } from './edge/edge.module.js';
import { EdgeOptions } from './edge/edge.options.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { HttpOptions } from './http/http.options.js';
import { KeysOptions } from './keys/keys.options.js';
import { LimitOptions } from './limits/limits.options.js';
import { OauthModule } from './oauth/oauth.module.js';
import { OauthOptions } from './oauth/oauth.options.js';
import { SessionPolicy } from './sessions/session-policy.options.js';
import { StorageModule } from './storage/storage.module.js';
import { StorageOptions } from './storage/storage.options.js';
import { PasswordPolicy } from './users/password-policy.options.js';

/** Hands each room its own options. */
@Global()
@Module({})
class OptionsModule {
  static of(config: Config): DynamicModule {
    const options = [
      { provide: HttpOptions, useValue: config.http },
      { provide: EdgeOptions, useValue: config.edge },
      { provide: PasswordPolicy, useValue: config.passwords },
      { provide: SessionPolicy, useValue: config.sessions },
      { provide: LimitOptions, useValue: config.limits },
      { provide: AuthOptions, useValue: config.auth },
      { provide: KeysOptions, useValue: config.keys },
      { provide: JwtOptions, useValue: config.jwt },
      { provide: OauthOptions, useValue: config.oauth },
      { provide: AuditOptions, useValue: config.audit },
      { provide: StorageOptions, useValue: config.storage },
    ];
    return { module: OptionsModule, providers: options, exports: options };
  }
}

/**
 * The whole service: every room, given its options.
 *
 * @example
 * imports: [AppModule.forRoot(loadConfig(process.env, '.data'))]
 */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        OptionsModule.of(config),
        CoreModule,
        HttpModule,
        EdgeModule,
        AuditModule,
        StorageModule,
        AuthModule,
        OauthModule,
        HealthModule,
      ],
    };
  }
}

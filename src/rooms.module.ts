import { type DynamicModule, Global, Module, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuditOptions } from './audit/audit.options.js';
import { EventOptions } from './audit/event.options.js';
import { AuthModule } from './auth/auth.module.js';
import { AuthOptions } from './auth/auth.options.js';
import { JwtOptions } from './auth/jwt/jwt.options.js';
import type { Config } from './config/config.js';
import { CoreModule } from './core/core.module.js';
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

const CONFIG = Symbol('sallyport:config');

/** Where the configuration comes from: known already, or found out by other providers of the application. */
export interface ConfigSource {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: readonly unknown[];
  readonly useFactory: (...parts: never[]) => Config | Promise<Config>;
}

type RoomOptions = Pick<Type, 'prototype'> & { readonly name: string };

function given(options: RoomOptions, of: (config: Config) => object): Provider {
  return { provide: options as Type, inject: [CONFIG], useFactory: of };
}

const OPTIONS = [
  given(HttpOptions, ({ http }) => http),
  given(PasswordPolicy, ({ passwords }) => passwords),
  given(SessionPolicy, ({ sessions }) => sessions),
  given(LimitOptions, ({ limits }) => limits),
  given(AuthOptions, ({ auth }) => auth),
  given(KeysOptions, ({ keys }) => keys),
  given(JwtOptions, ({ jwt }) => jwt),
  given(OauthOptions, ({ oauth }) => oauth),
  given(AuditOptions, ({ audit }) => audit),
  given(EventOptions, ({ events }) => events),
  given(StorageOptions, ({ storage }) => storage),
];

/** Hands each room its own options. */
@Global()
@Module({})
class OptionsModule {
  static of({ imports, inject, useFactory }: ConfigSource): DynamicModule {
    const config = { provide: CONFIG, inject: [...(inject ?? [])] as never[], useFactory };
    return {
      module: OptionsModule,
      imports,
      providers: [config, ...OPTIONS],
      exports: [CONFIG, ...OPTIONS] as never[],
    };
  }
}

/** Every room, given its options. */
@Module({})
export class RoomsModule {
  static given(source: ConfigSource): DynamicModule {
    return {
      module: RoomsModule,
      imports: [OptionsModule.of(source), CoreModule, HttpModule, AuditModule, StorageModule, AuthModule, OauthModule],
    };
  }
}

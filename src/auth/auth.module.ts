import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens } from './access-tokens.js';
import { AccountController } from './account.controller.js';
import { AuthConfigController } from './auth-config.controller.js';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { AuthOptions } from './auth.options.js';
import { AuthService } from './auth.service.js';
import { AcceptedStrategies, AuthStrategy } from './auth.strategy.js';
import { CarriedCredential } from './carried-credential.js';
import { CredentialCookies } from './credential-cookies.js';
import { JwtAccessTokens } from './jwt/jwt-access-tokens.js';
import { JwtGuard } from './jwt.guard.js';
import { JwtStrategy } from './jwt/jwt.strategy.js';
import { KeySet } from './jwt/key-set.js';
import { UseRecorder } from './jwt/use-recorder.js';
import { LoginAnswers } from './login-answers.js';
import { LocalStrategy } from './local.strategy.js';
import { RegistrationController } from './registration.controller.js';
import { RevocationFeed } from './revocation.feed.js';
import { RevocationReader } from './revocation-reader.js';
import { RevocationWindow } from './revocation-window.js';
import { SessionGuard } from './session.guard.js';
import { SessionStrategy } from './session/session.strategy.js';

@Module({
  imports: [UsersModule, SessionsModule, PassportModule, JwtModule.register({})],
  controllers: [RegistrationController, AuthController, AccountController, AuthConfigController],
  providers: [
    AuthService,
    LocalStrategy,
    SessionStrategy,
    JwtStrategy,
    { provide: AccessTokens, useClass: JwtAccessTokens },
    KeySet,
    UseRecorder,
    RevocationFeed,
    RevocationReader,
    RevocationWindow,
    CarriedCredential,
    CredentialCookies,
    LoginAnswers,
    SessionGuard,
    JwtGuard,
    {
      provide: AuthStrategy,
      inject: [AuthOptions, SessionStrategy, JwtStrategy],
      // THE SWITCH.
      useFactory: ({ mode }: AuthOptions, session: SessionStrategy, jwt: JwtStrategy) =>
        mode === 'jwt' ? jwt : session,
    },
    {
      provide: AcceptedStrategies,
      inject: [AuthOptions, AuthStrategy, SessionStrategy, JwtStrategy, KeySet],
      useFactory: (
        { accept }: AuthOptions,
        issuing: AuthStrategy,
        session: SessionStrategy,
        jwt: JwtStrategy,
        keys: KeySet,
      ) => {
        const honoured = [session, jwt].filter(({ mode }) => accept.includes(mode) && mode !== issuing.mode);
        if (accept.includes('jwt')) keys.open();
        return { all: [issuing, ...honoured] } satisfies AcceptedStrategies;
      },
    },
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [
    AuthService,
    AcceptedStrategies,
    CarriedCredential,
    SessionGuard,
    JwtGuard,
    SessionsModule,
    UsersModule,
    KeySet,
    AccessTokens,
    RevocationFeed,
    RevocationWindow,
  ],
})
export class AuthModule {}

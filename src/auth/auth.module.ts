import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { KeysModule } from '../keys/keys.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens } from './access-tokens.js';
import { AccountController } from './account.controller.js';
import { AccountsService } from './accounts.service.js';
import { AuthConfigController } from './auth-config.controller.js';
import { AuthController } from './auth.controller.js';
import { AuthGuard, GuardParts, OwnRoutesGuard } from './auth.guard.js';
import { AuthOptions } from './auth.options.js';
import { AuthService } from './auth.service.js';
import { AcceptedStrategies } from './auth.strategy.js';
import { CarriedCredential } from './carried-credential.js';
import { JwtAccessTokens } from './jwt/jwt-access-tokens.js';
import { JwtGuard } from './jwt.guard.js';
import { JwtStrategy } from './jwt/jwt.strategy.js';
import { KnownDevices } from './known-devices.js';
import { LoginAnswers } from './login-answers.js';
import { Logins } from './logins.js';
import { RegistrationController } from './registration.controller.js';
import { SessionClaims } from './session-claims.js';
import { SessionGuard } from './session.guard.js';
import { SessionStrategy } from './session/session.strategy.js';

/** Global, so that a guard of ours can be put on a route of any module. */
@Global()
@Module({
  imports: [UsersModule, SessionsModule, KeysModule, PassportModule, JwtModule.register({})],
  controllers: [RegistrationController, AuthController, AccountController, AuthConfigController],
  providers: [
    AuthService,
    AccountsService,
    SessionClaims,
    SessionStrategy,
    JwtStrategy,
    { provide: AccessTokens, useClass: JwtAccessTokens },
    CarriedCredential,
    KnownDevices,
    LoginAnswers,
    Logins,
    SessionGuard,
    JwtGuard,
    {
      provide: AcceptedStrategies,
      inject: [AuthOptions, SessionStrategy, JwtStrategy],
      // THE SWITCH.
      useFactory: ({ mode, accept }: AuthOptions, session: SessionStrategy, jwt: JwtStrategy) => {
        const strategies = { session, jwt };
        return new AcceptedStrategies(
          strategies[mode],
          accept.map((accepted) => strategies[accepted]),
        );
      },
    },
    GuardParts,
    AuthGuard,
    OwnRoutesGuard,
    {
      provide: APP_GUARD,
      inject: [AuthOptions, AuthGuard, OwnRoutesGuard],
      useFactory: ({ guardsAllRoutes }: AuthOptions, all: AuthGuard, own: OwnRoutesGuard) =>
        guardsAllRoutes ? all : own,
    },
  ],
  exports: [
    Logins,
    AuthService,
    AccountsService,
    AcceptedStrategies,
    CarriedCredential,
    GuardParts,
    AuthGuard,
    SessionGuard,
    JwtGuard,
    SessionsModule,
    UsersModule,
    AccessTokens,
  ],
})
export class AuthModule {}

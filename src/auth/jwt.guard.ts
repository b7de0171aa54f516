import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { CredentialGuard } from './auth.guard.js';
import { AcceptedStrategies } from './auth.strategy.js';
import { CarriedCredential } from './carried-credential.js';

/** For a route that only a JWT access token opens. Where jwt mode is not accepted, nothing does. */
@Injectable()
export class JwtGuard extends CredentialGuard {
  constructor(reflector: Reflector, carried: CarriedCredential, accepted: AcceptedStrategies) {
    super(
      reflector,
      carried,
      accepted.all.filter(({ mode }) => mode === 'jwt'),
    );
  }
}

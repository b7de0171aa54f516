import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { Clock } from '../core/clock.js';
import { UsersService } from '../users/users.service.js';
import { byPassword, type Proof } from './proof.js';

/** Passport's view of a login: e-mail and password, and the proof that they are. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {
    super({ usernameField: 'email', passwordField: 'password', session: false });
  }

  /** False is passport's word for nobody. */
  async validate(email: string, password: string): Promise<Proof | false> {
    const user = await this.users.authenticate(email, password);
    return user ? byPassword(user, this.clock.now()) : false;
  }
}

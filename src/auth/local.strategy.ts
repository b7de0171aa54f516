import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import type { User } from '../users/user.js';
import { UsersService } from '../users/users.service.js';

/** Passport's view of a login: e-mail and password, and nobody or a user. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(private readonly users: UsersService) {
    super({ usernameField: 'email', passwordField: 'password', session: false });
  }

  /** False is passport's word for nobody. */
  async validate(email: string, password: string): Promise<User | false> {
    return (await this.users.authenticate(email, password)) ?? false;
  }
}

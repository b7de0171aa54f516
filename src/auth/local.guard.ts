import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard as PassportGuard, PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { AppError } from '../core/app-error.js';
import { Clock } from '../core/clock.js';
import type { RequestView } from '../http/request-view.js';
import { validationPipe } from '../http/validation.js';
import { UsersService } from '../users/users.service.js';
import { LoginDto } from './dto/login.dto.js';
import { byPassword, type Proof } from './proof.js';

/** A request to `POST /auth/login` behind the guard: passport puts the proof where it puts its users. */
export type ProvenRequest = RequestView & { readonly user: Proof };

/** Passport's view of a login: e-mail and password, and the proof that they are. */
class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {
    super({ usernameField: 'email', passwordField: 'password', session: false, passReqToCallback: true });
  }

  /** False is passport's word for nobody. */
  async validate(request: RequestView, email: string, password: string): Promise<Proof | false> {
    const user = await this.users.authenticate(email, password, request);
    return user ? byPassword(user, this.clock.now()) : false;
  }
}

/** Turns the e-mail and password of `POST /auth/login` into a proof by passport-local. */
@Injectable()
export class LocalGuard extends PassportGuard() {
  private readonly pipe = validationPipe();

  constructor(users: UsersService, clock: Clock) {
    const strategy = new LocalStrategy(users, clock);
    super({
      // Passport keeps strategies in one table of the process by name, so a second application would replace ours. It also writes
      // each request's callbacks onto the strategy, so each request gets an object of its own.
      get defaultStrategy() {
        return Object.create(strategy) as never;
      },
    });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestView & { body: unknown }>();
    // Guards come before pipes, and passport reads the body: what it reads must have been validated and normalised.
    request.body = await this.pipe.transform(request.body ?? {}, { type: 'body', metatype: LoginDto });
    return (await super.canActivate(context)) as boolean;
  }

  override handleRequest<Proven>(error: unknown, proof: Proven | false): Proven {
    if (error) throw error;
    if (!proof) throw new AppError('login_failed');
    return proof;
  }
}

import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard as PassportGuard, PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { AppError } from '../core/app-error.js';
import { Clock } from '../core/clock.js';
import { RequestView } from '../http/request-view.js';
import { fieldsPipe } from '../http/validation.js';
import { normaliseEmail } from '../users/email.js';
import { UsersService } from '../users/users.service.js';
import { LoginDto } from './dto/login.dto.js';
import { KnownDevices } from './known-devices.js';
import { byPassword, type Proof } from './proof.js';

/** The engine's own request: passport reads the body there, and puts the proof where it puts its users. */
interface LoginRequest {
  body: unknown;
  readonly user?: Proof;
}

/** Hands the handler of `POST /auth/login` what the guard has found proved. */
export const Proven = createParamDecorator((_: unknown, context: ExecutionContext): Proof => {
  return context.switchToHttp().getRequest<LoginRequest>().user!;
});

/** Passport's view of a login: e-mail and password, and the proof that they are. */
class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(
    private readonly users: UsersService,
    private readonly devices: KnownDevices,
    private readonly clock: Clock,
  ) {
    super({ usernameField: 'email', passwordField: 'password', session: false, passReqToCallback: true });
  }

  /** False is passport's word for nobody. */
  async validate(request: object, email: string, password: string): Promise<Proof | false> {
    const origin = RequestView.of(request);
    const device = this.devices.of(origin, email);
    const user = await this.users.authenticate({ email, origin, device }, password);
    return user ? byPassword(user, this.clock.now()) : false;
  }
}

/** Turns the e-mail and password of `POST /auth/login` into a proof by passport-local. */
@Injectable()
export class LocalGuard extends PassportGuard() {
  constructor(
    private readonly users: UsersService,
    private readonly devices: KnownDevices,
    clock: Clock,
  ) {
    const strategy = new LocalStrategy(users, devices, clock);
    super({
      // Passport keeps strategies in one table of the process by name, so a second application would replace ours. It also writes
      // each request's callbacks onto the strategy, so each request gets an object of its own.
      get defaultStrategy() {
        return Object.create(strategy) as never;
      },
    });
  }

  /** The place among the logins under way comes first: whoever is sent away for want of time has cost nothing else. */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<LoginRequest>();
    return this.users.admitted(this.isKnown(request), () => this.prove(request, context));
  }

  private isKnown(request: LoginRequest): boolean {
    const { email } = (request.body ?? {}) as { email?: unknown };
    return typeof email === 'string' && this.devices.of(RequestView.of(request), normaliseEmail(email)) !== null;
  }

  private async prove(request: LoginRequest, context: ExecutionContext): Promise<boolean> {
    // Guards come before pipes, and passport reads the body: what it reads must have been validated and normalised.
    request.body = await fieldsPipe.transform(request.body ?? {}, { type: 'body', metatype: LoginDto });
    return (await super.canActivate(context)) as boolean;
  }

  override handleRequest<Proven>(error: unknown, proof: Proven | false): Proven {
    if (error) throw error;
    if (!proof) throw new AppError('login_failed');
    return proof;
  }
}

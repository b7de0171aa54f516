import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard as PassportGuard } from '@nestjs/passport';
import { AppError } from '../core/app-error.js';
import { AuditLog } from '../core/audit-log.js';
import { validationPipe } from '../http/validation.js';
import { LoginDto } from './dto/login.dto.js';
import { LocalStrategy } from './local.strategy.js';

/** Turns the e-mail and password of `POST /auth/login` into a user by passport-local. */
@Injectable()
export class LocalGuard extends PassportGuard() {
  private readonly pipe = validationPipe();

  constructor(
    private readonly audit: AuditLog,
    strategy: LocalStrategy,
  ) {
    super({
      // By its name it would be that of whichever application of this process came last. And each request has an object of its
      // own, because that is where Passport writes whom to tell of the outcome.
      get defaultStrategy() {
        return Object.create(strategy) as never;
      },
    });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<{ body: unknown }>();
    // Guards come before pipes, and passport reads the body: what it reads must have been validated and normalised.
    request.body = await this.pipe.transform(request.body ?? {}, { type: 'body', metatype: LoginDto });
    return (await super.canActivate(context)) as boolean;
  }

  override handleRequest<User>(error: unknown, user: User | false): User {
    if (error) throw error;
    if (!user) {
      this.audit.write('authn_login_fail', {});
      throw new AppError('login_failed');
    }
    return user;
  }
}

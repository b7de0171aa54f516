import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import { principalIn } from '@sallyport/nest';

/** A guard of the application's own: a shop that somebody names is one that somebody is known in. */
@Injectable()
export class TenantGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    const shop = headers['x-shop'];
    if (shop === undefined) return true;
    if (!principalIn(context)) throw new ForbiddenException('Nobody is known in a shop without logging in.');
    if (shop !== 'open') throw new ForbiddenException(`You are not known in ${shop}.`);
    return true;
  }
}

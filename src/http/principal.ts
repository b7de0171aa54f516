import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { AuthMode, Transport } from '../core/credential.js';

/** Who a request turned out to be. */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  readonly mode: AuthMode;
  readonly transport: Transport;
  /** When the user proved who they are (RFC 9068 `auth_time`), how strongly (`acr`) and by what (`amr`). */
  readonly authTime: Date;
  readonly acr: string;
  readonly amr: readonly string[];
}

export const PUBLIC = 'sallyport:public';
export const ROLES = 'sallyport:roles';

/** Opens a route, or a whole controller, to everyone. Without it every route is closed. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

/** Opens a route to users who have one of these roles; others get 403 `forbidden`. */
export const Roles = (...roles: string[]): MethodDecorator & ClassDecorator => SetMetadata(ROLES, roles);

/** The principal of this request. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<{ principal: Principal }>().principal;
});

import { createParamDecorator, type ExecutionContext, type PipeTransform, type Type } from '@nestjs/common';
import { admissionOf } from './admission.js';
import { type Principal, principalOfRequest } from './principal.js';
import { requestOf } from './request.js';

/**
 * Who asks, or one property of them. On a `@Public()` route nobody may be known, and the parameter is undefined: write the type so.
 *
 * ```ts
 * mine(@CurrentUser() user: Principal) {}
 * mine(@CurrentUser('userId') userId: string) {}
 *
 * @Public()
 * greet(@CurrentUser() user: Principal | undefined) {}
 * ```
 *
 * On a closed route somebody is always known. If not, no guard of Sallyport guards it, which throws: a 500, and a mistake of the
 * service.
 */
export const CurrentUser: CurrentUserDecorator<Principal> = createParamDecorator(
  (property: keyof Principal | undefined, context: ExecutionContext): unknown => {
    const principal = principalOfRequest(requestOf(context));
    if (principal) return property === undefined ? principal : principal[property];
    if (admissionOf(context) === 'everybody') return undefined;
    throw new Error('@CurrentUser() on a route that no guard of Sallyport guards.');
  },
);

/** Names a property of the principal, or none for the whole; pipes come last, as with decorators of Nest's own. */
export interface CurrentUserDecorator<P extends Principal> {
  (...pipes: (Type<PipeTransform> | PipeTransform)[]): ParameterDecorator;
  (property: keyof P & string, ...pipes: (Type<PipeTransform> | PipeTransform)[]): ParameterDecorator;
}

import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Principal } from './principal.js';

const PUBLIC = 'sallyport:public';

/**
 * Opens a route, or every route of a controller, to everybody. Who comes with a good credential is known there all the same
 * (`@CurrentUser()`), and who comes with a dead or a bad one is nobody. Without it a route is closed. `@Roles`, on the route or on
 * its controller, closes it all the same: see `admissionOf`.
 *
 * ```ts
 * @Public()
 * @Get('health')
 * health() {}
 * ```
 */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

const ROLES = 'sallyport:roles';

/**
 * Lets in only users with at least one of these roles; others get 403 `forbidden`. On a method it replaces its controller's
 * roles. It beats `@Public()` wherever either stands: see `admissionOf`.
 *
 * ```ts
 * @Roles('admin', 'auditor')
 * @Get('orders/all')
 * all() {}
 * ```
 */
export const Roles = (role: string, ...more: string[]): MethodDecorator & ClassDecorator =>
  SetMetadata(ROLES, [role, ...more]);

/** Whom a route lets in: everybody with or without a credential, every user, or the users with one of these roles. */
export type Admission = 'everybody' | 'users' | readonly string[];

const reflector = new Reflector();

/** What a route says of itself never changes, so it is read once. A handler may be inherited by several controllers. */
const admissions = new WeakMap<object, Map<unknown, Admission>>();

/**
 * Whom the route lets in that is about to be called. A slip closes a route and never opens it:
 *
 * - `@Roles` on the method or on its controller closes the route to all others; the method's roles replace the controller's.
 * - `@Public()` on the method or on its controller opens the route if there is no `@Roles` in either place. So inside a
 *   controller with `@Roles` no method is public: a public route belongs in a controller without them.
 * - Neither: the route is open to every user.
 */
export function admissionOf(context: Pick<ExecutionContext, 'getHandler' | 'getClass'>): Admission {
  const [handler, controller] = [context.getHandler(), context.getClass()];
  const ofController = admissions.get(controller) ?? new Map<unknown, Admission>();
  const known = ofController.get(handler);
  if (known !== undefined) return known;
  const admission = readAdmission([handler, controller]);
  admissions.set(controller, ofController.set(handler, admission));
  return admission;
}

function readAdmission(places: Parameters<Reflector['getAllAndOverride']>[1]): Admission {
  const roles = reflector.getAllAndOverride<readonly string[] | undefined>(ROLES, places);
  if (roles) return roles;
  return places.some((place) => reflector.get<unknown>(PUBLIC, place) === true) ? 'everybody' : 'users';
}

/** Whether this user may enter. No user enters by an empty list of roles. */
export function admits(admission: Admission, { roles }: Pick<Principal, 'roles'>): boolean {
  return admission === 'everybody' || admission === 'users' || admission.some((role) => roles.includes(role));
}

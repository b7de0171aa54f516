import { applyDecorators, Controller, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/internal';
import { describeRoutes } from './describe-routes.js';
import { ProblemFilter } from './problem.filter.js';
import { stateFacts } from './route-facts.js';
import { RouteRulesGuard } from './route-rules.guard.js';

/**
 * A controller of Sallyport's own. Everything that our routes ask of a request and promise of an answer is bound here, so that it
 * holds in any application around them, and for no route of that application. Its paths have no version in them. It stands before
 * all other decorators of the class, which say what it then binds.
 *
 * ```ts
 * @OwnRoutes('auth/sessions')
 * export class SessionsController {}
 * ```
 */
export const OwnRoutes = (path: string): ClassDecorator =>
  applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    stateFacts({ isOwn: true }),
    rulesFirst,
    UseFilters(ProblemFilter),
    describeRoutes as ClassDecorator,
  );

/** Nest's own decorator would put the guard behind those that the class has got already. */
const rulesFirst: ClassDecorator = (controller) => {
  const others = (Reflect.getMetadata(GUARDS_METADATA, controller) as unknown[] | undefined) ?? [];
  Reflect.defineMetadata(GUARDS_METADATA, [RouteRulesGuard, ...others], controller);
};

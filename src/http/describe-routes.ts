import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/internal';
import { admissionOf } from '@sallyport/verify/rules';
import type { ProblemCode } from '../core/problem.js';
import { invalid, problemAnswers, type SampleProblem, statedProblems } from './api-problems.js';
import { type RouteFacts, routeOf } from './route-facts.js';
import { ApiBearerAuth, ApiCookieAuth, ApiResponse, ApiSecurity } from './swagger.js';

type Controller = new (...parts: never[]) => object;

const OF_CLOSED: readonly ProblemCode[] = [
  'credentials_missing',
  'token_invalid',
  'token_expired',
  'token_superseded',
  'token_reused',
  'session_expired',
  'session_revoked',
  'service_unavailable',
];

/**
 * Describes every route of a controller by what it says of itself: who may enter, and what it may refuse. It must come last of
 * the controller's decorators.
 */
export function describeRoutes(controller: Controller): void {
  const prototype = controller.prototype as object;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
    const handler = descriptor.value as (() => unknown) | undefined;
    const method =
      typeof handler === 'function' ? (Reflect.getMetadata(METHOD_METADATA, handler) as unknown) : undefined;
    if (!handler || method === undefined) continue;
    const route = { getHandler: () => handler, getClass: () => controller as never };
    const isClosed = admissionOf(route) !== 'everybody';
    const facts = routeOf(route);
    for (const decorate of [
      ...waysIn(isClosed, facts),
      ...refusals(isClosed, facts, handler, method as RequestMethod),
    ]) {
      decorate(prototype, name, descriptor);
    }
  }
}

function waysIn(isClosed: boolean, { takesCredential }: RouteFacts): MethodDecorator[] {
  if (isClosed) return [ApiBearerAuth('bearer'), ApiCookieAuth('sessionCookie'), ApiCookieAuth('accessCookie')];
  if (!takesCredential) return [];
  // Open, and yet it reads a credential: one that may be dead, or stand in the body instead.
  return [ApiBearerAuth('bearer'), ApiCookieAuth('sessionCookie'), ApiCookieAuth('refreshCookie'), ApiSecurity({})];
}

function refusals(isClosed: boolean, facts: RouteFacts, handler: object, method: RequestMethod): MethodDecorator[] {
  // A route that speaks OAuth refuses in the way of its own standards, and says so itself.
  if (facts.speaksOauth) return [];
  const hasBody = ![RequestMethod.GET, RequestMethod.DELETE].includes(method);
  const ofAll: SampleProblem[] = [
    { code: 'invalid_request', ...(!hasBody && { detail: 'Two Authorization headers.' }) },
    {
      ...invalid('/access_token', 'This route takes no query parameters.', 'unknown_query_parameter'),
      name: 'unknown_query_parameter',
    },
    { code: 'internal_error' },
  ];
  const ofBodies: readonly ProblemCode[] = hasBody ? ['payload_too_large', 'unsupported_media_type'] : [];
  const all = [...(isClosed ? OF_CLOSED : []), ...statedProblems(handler), ...ofAll, ...ofBodies];
  return [...problemAnswers(all)].map(([status, documented]) => ApiResponse({ status, ...documented }));
}

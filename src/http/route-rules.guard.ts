import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AnswerHead } from './answer.js';
import { requireBody } from './body-rules.js';
import { CrossOrigin } from './cross-origin.js';
import { HttpOptions } from './http.options.js';
import { answerAsOauth } from './oauth-error.js';
import { RequestView } from './request-view.js';
import { type RouteFacts, routeOf } from './route-facts.js';
import { protect } from './security-headers.js';
import { pointerTo, validationFailed } from './validation.js';

/** Asks of a request to one of our own routes what that route says of itself. It comes after the guard that says who is asking. */
@Injectable()
export class RouteRulesGuard implements CanActivate {
  constructor(
    private readonly crossOrigin: CrossOrigin,
    private readonly options: HttpOptions,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = RequestView.in(context);
    const route = routeOf(context);
    protect(AnswerHead.of(http.getResponse<object>()).raw, request.raw, this.options.cookieSecure);
    if (route.speaksOauth) answerAsOauth(request.raw);
    this.crossOrigin.requireAllowed(request, route);
    requireBody(request, route.speaksOauth);
    requireKnownQuery(request, route);
    return true;
  }
}

/** A query parameter on a route that has none is a mistake that the client should hear of: a token in it above all. */
function requireKnownQuery({ query }: RequestView, { takesQuery }: RouteFacts): void {
  const names = takesQuery ? [] : Object.keys(query);
  if (names.length === 0) return;
  const detail = 'This route takes no query parameters.';
  throw validationFailed(names.map((name) => ({ pointer: pointerTo(name), code: 'unknown_query_parameter', detail })));
}

import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { pointerTo, validationFailed } from './validation.js';

const TAKES_QUERY = 'sallyport:takes-query';

/** Marks a route that has query parameters of its own, checked by their DTO. */
export const TakesQuery = (): MethodDecorator => SetMetadata(TAKES_QUERY, true);

/** A query parameter on a route that has none is a mistake that the client should hear of: a token in it above all. */
@Injectable()
export class UnknownQueryInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const names = Object.keys(context.switchToHttp().getRequest<Request>().query);
    if (names.length > 0 && !this.reflector.get<boolean | undefined>(TAKES_QUERY, context.getHandler())) {
      const detail = 'This route takes no query parameters.';
      throw validationFailed(
        names.map((name) => ({ pointer: pointerTo(name), code: 'unknown_query_parameter', detail })),
      );
    }
    return next.handle();
  }
}

import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AppError } from '../core/app-error.js';

const TAKES_QUERY = 'sallyport:takes-query';

/** Marks a route that has query parameters of its own, checked by their DTO. */
export const TakesQuery = (): MethodDecorator => SetMetadata(TAKES_QUERY, true);

/** A query parameter on a route that has none is a mistake that the client should hear of: a token in it above all. */
@Injectable()
export class UnknownQueryGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const names = Object.keys(context.switchToHttp().getRequest<Request>().query);
    if (names.length === 0 || this.reflector.get<boolean | undefined>(TAKES_QUERY, context.getHandler())) return true;
    throw new AppError('validation_failed', 'This route takes no query parameters.', {
      errors: [{ pointer: '', code: 'unknown_query_parameter', detail: 'This route takes no query parameters.' }],
    });
  }
}

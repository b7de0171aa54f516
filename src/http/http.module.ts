import { Global, Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import type { Express } from 'express';
import { Connections } from './connections.js';
import { CookieNames } from './cookie-names.js';
import { CrossOriginGuard } from './cross-origin.guard.js';
import { deadline } from './deadline.js';
import { ProblemFilter } from './problem.filter.js';
import { UnknownQueryInterceptor } from './unknown-query.interceptor.js';

@Global()
@Module({
  providers: [
    Connections,
    CookieNames,
    { provide: APP_GUARD, useClass: CrossOriginGuard },
    { provide: APP_INTERCEPTOR, useClass: UnknownQueryInterceptor },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [Connections, CookieNames],
})
export class HttpModule implements NestModule {
  constructor(private readonly host: HttpAdapterHost) {}

  /**
   * Rules about a path read it as it is spelt, so the router must too. Nest makes the router together with its adapter, and then
   * it is too late for Express's setting `case sensitive routing`; the routes, which ask the router, come after this.
   */
  configure(consumer: MiddlewareConsumer): void {
    const { router } = this.host.httpAdapter.getInstance<Express>();
    Object.assign(router, { caseSensitive: true });
    consumer.apply(deadline).forRoutes('{*any}');
  }
}

import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { Connections } from './connections.js';
import { CookieNames } from './cookie-names.js';
import { CrossOriginGuard } from './cross-origin.guard.js';
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
export class HttpModule {}

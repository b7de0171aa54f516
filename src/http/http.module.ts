import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { CookieNames } from './cookie-names.js';
import { CrossOriginGuard } from './cross-origin.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { UnknownQueryInterceptor } from './unknown-query.interceptor.js';

@Global()
@Module({
  providers: [
    CookieNames,
    { provide: APP_GUARD, useClass: CrossOriginGuard },
    { provide: APP_INTERCEPTOR, useClass: UnknownQueryInterceptor },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [CookieNames],
})
export class HttpModule {}

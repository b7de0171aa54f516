import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { CookieNames } from './cookie-names.js';
import { CrossOriginGuard } from './cross-origin.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { UnknownQueryGuard } from './unknown-query.guard.js';

@Global()
@Module({
  providers: [
    CookieNames,
    { provide: APP_GUARD, useClass: CrossOriginGuard },
    { provide: APP_GUARD, useClass: UnknownQueryGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [CookieNames],
})
export class HttpModule {}

import {
  ConfigurableModuleBuilder,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { FeedFollower } from './feed-follower.js';
import { type VerifyLog } from './log.js';
import { Clock, SystemClock } from './rules/clock.js';
import { SallyportGuard } from './sallyport.guard.js';
import { Verifier } from './verifier.js';
import { type VerifyOptions } from './verify.options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<VerifyOptions>()
  .setClassMethodName('forRoot')
  // Global: one feed and one cache for the process, and `@UseGuards(SallyportGuard)` works in every module.
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/** `SallyportVerifyModule.forRoot({ issuer, audience, clientId, clientSecret })`, or `forRootAsync` with a factory. */
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    {
      provide: Verifier,
      useFactory: (options: VerifyOptions, clock: Clock) => new Verifier({ log: nestLog(), ...options }, clock),
      inject: [MODULE_OPTIONS_TOKEN, Clock],
    },
    { provide: FeedFollower, useFactory: ({ feed }: Verifier) => feed, inject: [Verifier] },
    SallyportGuard,
  ],
  exports: [SallyportGuard, Verifier, FeedFollower],
})
export class SallyportVerifyModule
  extends ConfigurableModuleClass
  implements OnApplicationBootstrap, OnApplicationShutdown
{
  constructor(private readonly verifier: Verifier) {
    super();
  }

  onApplicationBootstrap(): void {
    this.verifier.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.verifier.close();
  }
}

function nestLog(): VerifyLog {
  const logger = new Logger(SallyportVerifyModule.name);
  return {
    info: (sentence) => logger.log(sentence),
    warn: (sentence) => logger.warn(sentence),
    error: (sentence) => logger.error(sentence),
  };
}

import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from './config/config.js';
import { EdgeModule } from './edge/edge.module.js';
import { EdgeOptions } from './edge/edge.options.js';
import { HealthModule } from './health/health.module.js';
import { RoomsModule } from './rooms.module.js';

/**
 * The service: every room, and what only the service has.
 *
 * @example
 * imports: [AppModule.forRoot(loadConfig(process.env, '.data'))]
 */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [RoomsModule.given({ useFactory: () => config }), EdgeModule, HealthModule],
      providers: [{ provide: EdgeOptions, useValue: config.edge }],
    };
  }
}

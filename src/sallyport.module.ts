import { type DynamicModule, Logger, Module, type ModuleMetadata } from '@nestjs/common';
import { configOfOptions, type SallyportOptions } from './sallyport-options.js';
import type { Config } from './config/config.js';
import { FILE_RULES } from './load-config.js';
import { RoomsModule } from './rooms.module.js';

/** Options that other providers of the application know. */
export interface SallyportAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: readonly unknown[];
  readonly useFactory: (...parts: never[]) => SallyportOptions | Promise<SallyportOptions>;
}

/**
 * Sallyport in an application of one's own: its routes, its guards, and every service behind them.
 *
 * ```ts
 * @Module({ imports: [SallyportModule.forRoot({ databaseUrl: 'postgres://…', authMode: 'jwt' })] })
 * export class AppModule {}
 * ```
 *
 * Throws `ConfigError` with every mistake in the options at once, and `StartError` when a store cannot be used.
 */
@Module({})
export class SallyportModule {
  static forRoot(options: SallyportOptions): DynamicModule {
    return SallyportModule.forRootAsync({ useFactory: () => options });
  }

  /**
   * ```ts
   * SallyportModule.forRootAsync({
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({ databaseUrl: config.getOrThrow('DATABASE_URL') }),
   * });
   * ```
   */
  static forRootAsync({ imports, inject, useFactory }: SallyportAsyncOptions): DynamicModule {
    const source = { imports, inject, useFactory: async (...parts: never[]) => configured(await useFactory(...parts)) };
    return { module: SallyportModule, imports: [RoomsModule.given(source)] };
  }
}

function configured(options: SallyportOptions): Config {
  const config = configOfOptions(options, process.env.NODE_ENV === 'production', FILE_RULES);
  const logger = new Logger('sallyport');
  for (const warning of config.warnings) logger.warn(warning);
  return config;
}

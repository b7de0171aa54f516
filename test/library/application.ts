import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { SallyportOptions } from '../../src/sallyport-options.js';
import { SallyportModule } from '../../src/sallyport.module.js';
import { testLog } from '../support/test-log.js';

/** Options of an application that needs nothing but its process. */
export const IN_MEMORY: SallyportOptions = {
  database: 'memory',
  sessionStore: 'memory',
  rateLimits: false,
  dataDir: process.env.TEST_FOLDER!,
};

interface Setting extends Pick<ModuleMetadata, 'controllers' | 'providers' | 'imports'> {
  readonly options?: SallyportOptions;
  /** Default any that is free. */
  readonly port?: number;
  readonly overriding?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  readonly before?: (app: INestApplication) => void;
}

export interface Application {
  readonly nest: INestApplication;
  readonly url: string;
}

/** A Nest application as anybody makes it, of which Sallyport is a part. */
export async function applicationOf({
  options,
  port = 0,
  overriding = (same) => same,
  before,
  ...own
}: Setting): Promise<Application> {
  const imports = [SallyportModule.forRoot({ ...IN_MEMORY, ...options }), ...(own.imports ?? [])];
  const module = await overriding(Test.createTestingModule({ ...own, imports }))
    .setLogger(testLog)
    .compile();
  const nest = module.createNestApplication({ logger: testLog });
  before?.(nest);
  await nest.listen(port, '127.0.0.1');
  return { nest, url: (await nest.getUrl()).replace('[::1]', '127.0.0.1') };
}

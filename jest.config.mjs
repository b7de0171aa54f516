import { availableParallelism } from 'node:os';

const swc = (parser, transform) => [
  '@swc/jest',
  {
    jsc: { target: 'es2023', parser, keepClassNames: true, ...(transform && { transform }) },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

// Everything is compiled to CommonJS, node_modules included: Jest's own loader cannot require ES modules on every
// supported Node, and what is compiled behaves the same on all of them.
export default {
  rootDir: '.',
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/packages', '<rootDir>/examples'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/packages/[^/]+/dist', '<rootDir>/examples/[^/]+/dist'],
  testEnvironment: 'node',
  testTimeout: 30_000,
  // The tests wait more than they work; each worker has a database of its own.
  maxWorkers: Math.min(availableParallelism(), 4),
  testRegex: '\\.spec\\.ts$',
  moduleFileExtensions: ['js', 'mjs', 'ts', 'json'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@sallyport/verify/rules$': '<rootDir>/packages/verify/src/rules/rules.ts',
    '^@sallyport/verify/plain$': '<rootDir>/packages/verify/src/plain.ts',
    '^@sallyport/verify$': '<rootDir>/packages/verify/src/verify.ts',
    '^@sallyport/embedded-postgres$': '<rootDir>/packages/embedded-postgres/src/embedded-postgres.ts',
  },
  transformIgnorePatterns: [],
  transform: {
    '^.+\\.ts$': swc({ syntax: 'typescript', decorators: true }, { legacyDecorator: true, decoratorMetadata: true }),
    '^.+\\.m?js$': swc({ syntax: 'ecmascript' }),
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  setupFiles: ['<rootDir>/test/support/setup.cjs'],
  reporters: ['default', '<rootDir>/test/support/parity.reporter.mjs'],
};

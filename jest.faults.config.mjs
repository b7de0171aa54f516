import config from './jest.config.mjs';

/** Every fault in every column: `npm run test:faults`. One after the other, since each one needs the machine for itself. */
export default { ...config, testRegex: '/test/faults/suite\\.ts$', maxWorkers: 1 };

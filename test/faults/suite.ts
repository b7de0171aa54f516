import { FAULTS } from './faults.js';
import { Outcomes } from './outcomes.js';
import { describeStorms } from './storms.js';

const outcomes = new Outcomes();
afterAll(() => outcomes.tell());

for (const store of ['postgres', 'redis'] as const)
  for (const mode of ['session', 'jwt'] as const) describeStorms({ mode, store }, FAULTS, outcomes);

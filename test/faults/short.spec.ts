import { named } from './faults.js';
import { Outcomes } from './outcomes.js';
import { describeStorms } from './storms.js';

const outcomes = new Outcomes();
afterAll(() => outcomes.tell());

// All of them, in every column, are run by `npm run test:faults`.
describeStorms(
  { mode: 'session', store: 'postgres' },
  named('Postgres is killed', 'killed and start at once'),
  outcomes,
);
describeStorms({ mode: 'jwt', store: 'redis' }, named('Postgres swallows everything', 'Redis is killed'), outcomes);

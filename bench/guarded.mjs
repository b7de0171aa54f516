// node bench/guarded.mjs [--rounds 5] [--seconds 3] [--connections 24]
//
// What a guarded request costs: its rate as a part of the rate of an open route of the same process.
import { interleaved, Load, report } from './support/load.mjs';
import { numbers } from './support/options.mjs';
import { ourSubject } from './support/our-routes.mjs';
import { withServices } from './support/services.mjs';

const { connections, ...options } = numbers({ rounds: 5, seconds: 3, connections: 24 });
const SUBJECTS = [
  ['session', 'postgres'],
  ['session', 'redis'],
  ['jwt', 'postgres'],
  ['jwt', 'redis'],
];

await withServices(async (services) => {
  const subjects = [];
  for (const [mode, store] of SUBJECTS) {
    const settings = { AUTH_MODE: mode, SESSION_STORE: store };
    subjects.push(await ourSubject(services, `${mode} on ${store}`, settings, { guardAlone: true }));
  }
  const results = await interleaved(new Load(services, connections), subjects, options);
  console.log(report(subjects, results));
});

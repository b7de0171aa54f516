import 'reflect-metadata';
import { SessionStore } from '../sessions/session.store.js';
import { runCommand } from './command.js';
import { withApp } from './with-app.js';

/** How many live sessions carry each kind of credential: when the old kind is at 0, a move between modes is done. */
runCommand((_args, config) =>
  withApp(config, async (app) => {
    const count = await app.get(SessionStore, { strict: false }).countByMode();
    return `session ${count.session}\njwt ${count.jwt}`;
  }),
);

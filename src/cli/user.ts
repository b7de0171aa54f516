import 'reflect-metadata';
import { SessionsService } from '../sessions/sessions.service.js';
import { normaliseEmail } from '../users/email.js';
import type { User } from '../users/user.js';
import { UserStore } from '../users/user.store.js';
import { CommandError, runCommand } from './command.js';
import { withApp } from './with-app.js';

const USAGE = `Usage:
  npm run user -- grant ROLE EMAIL     give a role (admin)
  npm run user -- take ROLE EMAIL      take it away
  npm run user -- disable EMAIL        no login any more
  npm run user -- enable EMAIL         login again
Each of these ends all sessions of that user.`;

type Act = (users: UserStore) => Promise<User | null>;

function actOf([verb, ...rest]: string[]): Act | null {
  const email = normaliseEmail(rest.at(-1) ?? '');
  const [role] = rest;
  if ((verb === 'grant' || verb === 'take') && rest.length === 2 && /^[a-z][a-z0-9_-]{0,31}$/.test(role!)) {
    return (users) => (verb === 'grant' ? users.grantRole(email, role!) : users.takeRole(email, role!));
  }
  if ((verb === 'disable' || verb === 'enable') && rest.length === 1) {
    return (users) => users.setStatus(email, verb === 'disable' ? 'disabled' : 'active');
  }
  return null;
}

runCommand(async (args, config) => {
  const act = actOf(args);
  if (!act) throw new CommandError(USAGE, 2);
  return withApp(config, async (app) => {
    const user = await act(app.get(UserStore, { strict: false }));
    if (!user) throw new CommandError('There is no user with that e-mail.');
    await app.get(SessionsService, { strict: false }).endOlder(user.id, user.authEpoch);
    return `${user.email}: ${user.status}, roles ${user.roles.join(', ') || 'none'}`;
  });
});

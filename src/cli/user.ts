import 'reflect-metadata';
import { AccountsService } from '../auth/accounts.service.js';
import { COMMAND } from '../core/origin.js';
import { normaliseEmail } from '../users/email.js';
import type { User } from '../users/user.js';
import { CommandError, runCommand } from './command.js';
import { withApp } from './with-app.js';

const USAGE = `Usage:
  npm run user -- grant ROLE EMAIL     give a role (admin)
  npm run user -- take ROLE EMAIL      take it away
  npm run user -- disable EMAIL        no login any more
  npm run user -- enable EMAIL         login again
Each of these ends all sessions of that user.`;

type Act = (accounts: AccountsService) => Promise<User | null>;

function actOf([verb, ...rest]: string[]): Act | null {
  const email = normaliseEmail(rest.at(-1) ?? '');
  const [role] = rest;
  if ((verb === 'grant' || verb === 'take') && rest.length === 2 && /^[a-z][a-z0-9_-]{0,31}$/.test(role!)) {
    return (accounts) => accounts[verb === 'grant' ? 'grantRole' : 'takeRole'](email, role!, COMMAND);
  }
  if ((verb === 'disable' || verb === 'enable') && rest.length === 1) {
    return (accounts) => accounts.setStatus(email, verb === 'disable' ? 'disabled' : 'active', COMMAND);
  }
  return null;
}

runCommand(async (args, config) => {
  const act = actOf(args);
  if (!act) throw new CommandError(USAGE, 2);
  return withApp(config, async (app) => {
    const user = await act(app.get(AccountsService, { strict: false }));
    if (!user) throw new CommandError('There is no user with that e-mail.');
    return `${user.email}: ${user.status}, roles ${user.roles.join(', ') || 'none'}`;
  });
});

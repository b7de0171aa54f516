import type { INestApplicationContext } from '@nestjs/common';
import { AccountsService } from '../../src/auth/accounts.service.js';
import { COMMAND } from '../../src/core/origin.js';
import type { User, UserStatus } from '../../src/users/user.js';

/** What `npm run user` does, inside an application that runs: it changes a user, and every session of that user ends. */
async function change(app: INestApplicationContext, act: (accounts: AccountsService) => Promise<User | null>) {
  if (!(await act(app.get(AccountsService, { strict: false })))) throw new Error('There is no user with that e-mail');
}

export function grantRole(app: INestApplicationContext, email: string, role: string): Promise<void> {
  return change(app, (accounts) => accounts.grantRole(email, role, COMMAND));
}

export function takeRole(app: INestApplicationContext, email: string, role: string): Promise<void> {
  return change(app, (accounts) => accounts.takeRole(email, role, COMMAND));
}

export function setStatus(app: INestApplicationContext, email: string, status: UserStatus): Promise<void> {
  return change(app, (accounts) => accounts.setStatus(email, status, COMMAND));
}

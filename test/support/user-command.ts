import type { INestApplicationContext } from '@nestjs/common';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import type { User, UserStatus } from '../../src/users/user.js';
import { UserStore } from '../../src/users/user.store.js';

/** What `npm run user` does, inside an application that runs: it changes a user, and every session of that user ends. */
async function change(app: INestApplicationContext, act: (users: UserStore) => Promise<User | null>): Promise<void> {
  const user = await act(app.get(UserStore, { strict: false }));
  if (!user) throw new Error('There is no user with that e-mail');
  await app.get(SessionsService, { strict: false }).endOlder(user.id, user.authEpoch);
}

export function grantRole(app: INestApplicationContext, email: string, role: string): Promise<void> {
  return change(app, (users) => users.grantRole(email, role));
}

export function takeRole(app: INestApplicationContext, email: string, role: string): Promise<void> {
  return change(app, (users) => users.takeRole(email, role));
}

export function setStatus(app: INestApplicationContext, email: string, status: UserStatus): Promise<void> {
  return change(app, (users) => users.setStatus(email, status));
}

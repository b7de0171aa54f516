import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { explain } from '../config/explain.js';
import { loadConfig } from '../config/config.js';
import { jsonLogger } from '../core/json-logger.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { normaliseEmail } from '../users/email.js';
import type { User } from '../users/user.js';
import { UserStore } from '../users/user.store.js';

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

async function main(): Promise<number> {
  const act = actOf(process.argv.slice(2));
  if (!act) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env, resolve('.data'));
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(config), {
    logger: jsonLogger('error'),
    abortOnError: false,
  });
  try {
    const user = await act(app.get(UserStore, { strict: false }));
    if (!user) {
      process.stderr.write('There is no user with that e-mail.\n');
      return 1;
    }
    await app.get(SessionsService, { strict: false }).endOlder(user.id, user.authEpoch);
    process.stdout.write(`${user.email}: ${user.status}, roles ${user.roles.join(', ') || 'none'}\n`);
    return 0;
  } finally {
    await app.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);

import 'reflect-metadata';
import { type AuditQuery, AuditTrail } from '../audit/audit-trail.js';
import { normaliseEmail } from '../users/email.js';
import { UserStore } from '../users/user.store.js';
import { CommandError, runCommand } from './command.js';
import { withApp } from './with-app.js';

const USAGE = `Usage:
  npm run audit -- list [--user EMAIL] [--since 1d] [--limit 1000]
The newest entries of the audit trail, oldest first, a JSON object a line. Times are UTC; --since takes minutes, hours or days (30m, 12h, 7d).`;

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

type Asked = Pick<AuditQuery, 'sinceMs' | 'limit'> & { readonly email: string | null };

function askedIn([verb, ...options]: string[]): Asked {
  const asked = { email: null as string | null, sinceMs: UNITS.d, limit: 1000 };
  if (verb !== 'list' || options.length % 2 > 0) throw new CommandError(USAGE, 2);
  for (let i = 0; i < options.length; i += 2) {
    const [name, value] = [options[i], options[i + 1]!];
    const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
    if (name === '--user') asked.email = normaliseEmail(value);
    else if (name === '--since' && unit) asked.sinceMs = Number(count) * UNITS[unit as keyof typeof UNITS];
    else if (name === '--limit' && /^[1-9]\d{0,5}$/.test(value)) asked.limit = Number(value);
    else throw new CommandError(USAGE, 2);
  }
  return asked;
}

runCommand((args, config) => {
  const { email, ...query } = askedIn(args);
  return withApp(config, async (app) => {
    const user = email === null ? null : await app.get(UserStore, { strict: false }).findByEmail(email);
    // Also what somebody tried before there was a user of that name.
    const whose = email === null ? {} : { identifier: email, ...(user && { userId: user.id }) };
    const entries = await app.get(AuditTrail, { strict: false }).list({ ...query, ...whose });
    return entries.map(({ at, ...entry }) => JSON.stringify({ at, ...entry })).join('\n');
  });
});

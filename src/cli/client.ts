import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { explain } from '../config/explain.js';
import { loadConfig } from '../config/config.js';
import { digestSecret, newSecret, type OauthClient, parseClients } from '../oauth/clients-file.js';

const USAGE = `Usage:
  npm run client -- add NAME       a resource server that may ask; prints its secret, once
  npm run client -- list
  npm run client -- remove NAME`;

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

function main([verb, name]: string[]): number {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const path = loadConfig(process.env, resolve('.data')).oauth.clientsFile;
  if (path === null) return fail('Set OAUTH_CLIENTS_FILE to the file that lists the clients.', 1);
  const clients = existsSync(path) ? parseClients(readFileSync(path, 'utf8')) : [];
  if (verb === 'list' && name === undefined) {
    for (const client of clients) process.stdout.write(`${client.id}\n`);
    return 0;
  }
  if (name === undefined || !NAME.test(name)) return fail(USAGE, 2);
  const isThere = clients.some(({ id }) => id === name);
  if (verb === 'add') return isThere ? fail('There is a client of that name.', 1) : add(path, clients, name);
  if (verb !== 'remove') return fail(USAGE, 2);
  if (!isThere) return fail('There is no client of that name.', 1);
  write(
    path,
    clients.filter(({ id }) => id !== name),
  );
  return 0;
}

function add(path: string, clients: OauthClient[], name: string): number {
  const secret = newSecret();
  write(path, [...clients, { id: name, name, secretDigest: digestSecret(secret) }]);
  process.stdout.write(`CLIENT_ID=${name}\nCLIENT_SECRET=${secret}\n`);
  return 0;
}

/** In one step, so that a running service reads the old list or the new one. */
function write(path: string, clients: OauthClient[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(clients, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

function fail(sentence: string, code: number): number {
  process.stderr.write(`${sentence}\n`);
  return code;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.exitCode = fail(explain(error), 1);
}

import 'reflect-metadata';
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readTextFile } from '../core/watched-file.js';
import { CLIENTS_FILE, digestSecret, newSecret, type OauthClient, parseClients } from '../oauth/clients-file.js';
import { CommandError, runCommand } from './command.js';

const USAGE = `Usage:
  npm run client -- add NAME       a resource server that may ask; prints its secret, once
  npm run client -- list
  npm run client -- remove NAME`;

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

runCommand(([verb, name, ...rest], { oauth: { clientsFile: path } }) => {
  if (path === null) throw new CommandError('Set OAUTH_CLIENTS_FILE to the file that lists the clients.');
  const clients = existsSync(path) ? parseClients(readTextFile(path, CLIENTS_FILE)) : [];
  if (verb === 'list' && name === undefined) return clients.map(({ id }) => id).join('\n');
  if ((verb !== 'add' && verb !== 'remove') || name === undefined || !NAME.test(name) || rest.length > 0) {
    throw new CommandError(USAGE, 2);
  }
  const isThere = clients.some(({ id }) => id === name);
  if (verb === 'add') {
    if (isThere) throw new CommandError('There is a client of that name.');
    return add(path, clients, name);
  }
  if (!isThere) throw new CommandError('There is no client of that name.');
  write(
    path,
    clients.filter(({ id }) => id !== name),
  );
  return `${name} may not ask any more.`;
});

function add(path: string, clients: OauthClient[], name: string): string {
  const secret = newSecret();
  write(path, [...clients, { id: name, name, secretDigest: digestSecret(secret) }]);
  return `CLIENT_ID=${name}\nCLIENT_SECRET=${secret}`;
}

/** In one step, so that a running service reads the old list or the new one. */
function write(path: string, clients: OauthClient[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(clients, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

import { existsSync } from 'node:fs';
import { readTextFile } from '../core/text-file.js';
import {
  changeClients,
  CLIENTS_FILE,
  digestSecret,
  newSecret,
  parseClients,
  requireClients,
} from '../oauth/clients-file.js';
import { CommandError, runCommand } from './command.js';

const USAGE = `Usage:
  npm run client -- add NAME       a resource server that may ask; prints its secret, once
  npm run client -- list
  npm run client -- remove NAME`;

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

async function run([verb, name, ...rest]: string[], path: string): Promise<string> {
  if (verb === 'list' && name === undefined) return list(path);
  if (name === undefined || !NAME.test(name) || rest.length > 0) throw new CommandError(USAGE, 2);
  if (verb === 'add') return add(path, name);
  if (verb === 'remove') return remove(path, name);
  throw new CommandError(USAGE, 2);
}

function list(path: string): string {
  const clients = existsSync(path) ? parseClients(readTextFile(path, CLIENTS_FILE)) : [];
  return clients.map(({ id }) => id).join('\n');
}

async function add(path: string, name: string): Promise<string> {
  const secret = newSecret();
  await changeClients(path, (clients) => {
    if (clients.some(({ id }) => id === name)) throw new CommandError('There is a client of that name.');
    return [...clients, { id: name, name, secretDigest: digestSecret(secret) }];
  });
  return `CLIENT_ID=${name}\nCLIENT_SECRET=${secret}`;
}

async function remove(path: string, name: string): Promise<string> {
  await changeClients(path, (clients) => {
    const others = clients.filter(({ id }) => id !== name);
    if (others.length === clients.length) throw new CommandError('There is no client of that name.');
    return others;
  });
  return `${name} may not ask any more.`;
}

runCommand(
  (args, { oauth: { clientsFile } }) => {
    if (clientsFile === null) throw new CommandError('Set OAUTH_CLIENTS_FILE to the file that lists the clients.');
    return run(args, clientsFile);
  },
  // The first `add` makes the file.
  { clients: (options) => requireClients({ ...options, clientsFileMayBeAbsent: true }) },
);

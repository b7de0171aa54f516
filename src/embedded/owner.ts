import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nullOn } from './file-errors.js';
import { livingProcess } from './processes.js';

/** The process that started the running server and will stop it. */
export interface Owner {
  readonly pid: number;
  readonly started: string;
  readonly postmasterPid: number;
  readonly port: number;
}

export async function claim(supervisor: string, postmasterPid: number, port: number): Promise<void> {
  const started = (await livingProcess(process.pid))?.started ?? '';
  const owner: Owner = { pid: process.pid, started, postmasterPid, port };
  await writePrivate(ownerFile(supervisor), JSON.stringify(owner));
}

/** Takes the claim on that server back. A later server's claim, perhaps another process's, stays. */
export async function disclaim(supervisor: string, postmasterPid: number): Promise<void> {
  if ((await readOwner(supervisor))?.postmasterPid === postmasterPid) await rm(ownerFile(supervisor), { force: true });
}

/** Null when the server has no owner, or one that has died. */
export async function livingOwner(supervisor: string, postmasterPid: number): Promise<Owner | null> {
  const owner = await readOwner(supervisor);
  if (owner?.postmasterPid !== postmasterPid) return null;
  return (await livingProcess(owner.pid))?.started === owner.started ? owner : null;
}

async function readOwner(supervisor: string): Promise<Owner | null> {
  const text = await nullOn(['ENOENT'], readFile(ownerFile(supervisor), 'utf8'));
  return text === null ? null : JSON.parse(text);
}

export async function readPassword(supervisor: string): Promise<string | null> {
  return nullOn(['ENOENT'], readFile(passwordFile(supervisor), 'utf8'));
}

/** Written before the cluster is made, so that a cluster never stands there with a password that nobody knows. */
export async function makePassword(supervisor: string): Promise<string> {
  const password = randomBytes(32).toString('base64url');
  await writePrivate(passwordFile(supervisor), password);
  return password;
}

/** All or nothing: a process killed between creating and writing would leave an empty file. */
async function writePrivate(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  await rename(draft, path);
}

function ownerFile(supervisor: string): string {
  return join(supervisor, 'owner.json');
}

function passwordFile(supervisor: string): string {
  return join(supervisor, 'password');
}

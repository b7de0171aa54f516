import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { livingProcess } from './processes.js';

const POLL_MS = 10;

/**
 * Runs the act while no other process runs one with the same folder.
 *
 * This is Lamport's bakery, with files for tickets. A single lock file would need somebody to take a dead holder's file
 * away, and two who do so at once can take away a living one. Here each file's name is its owner's alone, so removing
 * the file of a dead process can hurt nobody.
 */
export async function inTurn<T>(folder: string, patienceMs: number, act: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const ticket = await takeTicket(folder);
  try {
    await waitForTurn(folder, ticket, Date.now() + patienceMs);
    return await act();
  } finally {
    await rm(join(folder, ticket), { force: true });
  }
}

async function takeTicket(folder: string): Promise<string> {
  const self = await livingProcess(process.pid);
  const owner = `${process.pid}.${self?.started}.${randomBytes(6).toString('hex')}`;
  const choosing = join(folder, `choosing.${owner}`);
  await writeFile(choosing, '');
  try {
    const ticket = `${Math.max(0, ...(await tickets(folder)).map(numberOf)) + 1}.${owner}`;
    await writeFile(join(folder, ticket), '');
    return ticket;
  } finally {
    await rm(choosing, { force: true });
  }
}

async function waitForTurn(folder: string, ticket: string, deadline: number): Promise<void> {
  while ((await somebodyChooses(folder)) || (await somebodyIsBefore(folder, ticket))) {
    if (Date.now() > deadline) throw new Error(`Another process is busy starting PostgreSQL: see ${folder}.`);
    await pause(POLL_MS);
  }
}

/** Must be asked before the tickets are read: who has finished choosing by then has put the ticket down. */
async function somebodyChooses(folder: string): Promise<boolean> {
  const choosing = (await readdir(folder)).filter((name) => name.startsWith('choosing.'));
  return (await living(folder, choosing)).length > 0;
}

async function somebodyIsBefore(folder: string, ticket: string): Promise<boolean> {
  const before = (await tickets(folder)).filter((other) => other !== ticket && comesBefore(other, ticket));
  return (await living(folder, before)).length > 0;
}

async function living(folder: string, names: string[]): Promise<string[]> {
  const alive = await Promise.all(names.map(isAlive));
  await Promise.all(names.filter((_, i) => !alive[i]).map((name) => rm(join(folder, name), { force: true })));
  return names.filter((_, i) => alive[i]);
}

async function isAlive(name: string): Promise<boolean> {
  const [, pid, started] = name.split('.');
  return (await livingProcess(Number(pid)))?.started === started;
}

async function tickets(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d/.test(name));
}

function numberOf(ticket: string): number {
  return Number.parseInt(ticket, 10);
}

function comesBefore(a: string, b: string): boolean {
  return numberOf(a) === numberOf(b) ? a < b : numberOf(a) < numberOf(b);
}

import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Account } from './account.js';

/**
 * Nothing of our own environment goes in: it may hold secrets, and PostgreSQL reads variables of its own. The messages
 * must be in English, because readiness is read from them; with a time zone given, initdb need not search for one.
 */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Waits for the end of its input, which comes when we die, however we die. A second line means that the guarded process
 * has ended by itself and its pid may already be another's. Only words that the shell has built in.
 */
const WATCHDOG = 'read -r pid && { read -r ended || kill -INT "$pid"; }';

export interface Command {
  readonly binary: string;
  readonly args: string[];
  readonly account: Account | null;
  /** Beside the few variables that every command is given. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a process that ends with us even when we are killed with a signal that nobody can catch. Its stderr is a pipe.
 * The watchdog is there first, so that no moment is left in which only the guarded process exists. Both have sessions of
 * their own, so that Ctrl-C at the terminal reaches only us, and we close in our order.
 */
export function startGuarded({ binary, args, account, env }: Command): ChildProcess {
  const surroundings = { cwd: '/', detached: true, ...account };
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'sallyport-watchdog'], {
    ...surroundings,
    env: ENVIRONMENT,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // A watchdog that could not start, or was ended by hand, leaves an ordinary child: no reason to fail.
  watchdog.on('error', () => {});
  watchdog.stdin.on('error', () => {});
  watchdog.unref();
  (watchdog.stdin as Socket).unref();

  const child = spawn(binary, args, {
    ...surroundings,
    env: { ...ENVIRONMENT, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (child.pid === undefined) {
    watchdog.stdin.end();
    return child;
  }
  watchdog.stdin.write(`${child.pid}\n`);
  child.once('exit', () => watchdog.stdin.end('ended\n'));
  return child;
}

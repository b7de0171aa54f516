import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Account } from './account.js';

/**
 * Nothing of our own environment goes in: it may hold secrets, and PostgreSQL reads variables of its own. The messages
 * must be in English, because readiness is read from them; with a time zone given, initdb need not search for one.
 */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Starts a helper in a session of its own, so that Ctrl-C at the terminal reaches only us, and we close in our order. */
export function launch(binary: string, args: string[], account: Account | null, stdio: StdioOptions): ChildProcess {
  return spawn(binary, args, { cwd: '/', env: ENVIRONMENT, detached: true, stdio, ...account });
}

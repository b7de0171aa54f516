import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Account } from './account.js';
import { launch } from './launch.js';

/**
 * Waits for the end of its input, which comes when we die, however we die. A second line means that the guarded process
 * has ended by itself and its pid may already be another's. Only words that the shell has built in.
 */
const SCRIPT = 'read -r pid && { read -r ended || kill -INT "$pid"; }';

/**
 * Starts a process that ends with us even when we are killed with a signal that nobody can catch. The watchdog is there
 * first, so that no moment is left in which only the guarded process exists.
 */
export function launchGuarded(account: Account | null, launchChild: () => ChildProcess): ChildProcess {
  const watchdog = launch('/bin/sh', ['-c', SCRIPT, 'sallyport-watchdog'], account, ['pipe', 'ignore', 'ignore']);
  // A watchdog that could not start, or was ended by hand, leaves an ordinary child: no reason to fail.
  watchdog.on('error', () => {});
  watchdog.stdin?.on('error', () => {});
  watchdog.unref();
  (watchdog.stdin as Socket | null)?.unref();

  const child = launchChild();
  if (child.pid === undefined) {
    watchdog.stdin?.end();
    return child;
  }
  watchdog.stdin?.write(`${child.pid}\n`);
  child.once('exit', () => watchdog.stdin?.end('ended\n'));
  return child;
}

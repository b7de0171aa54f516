import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when the child listens on the port; throws when it ends instead. */
export async function untilOpen(port, child, everyMs = 10) {
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`The process ended with ${child.exitCode} before it listened.`);
    await pause(everyMs);
  }
}

async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

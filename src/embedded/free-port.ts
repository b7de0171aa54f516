import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { PostmasterFailed } from './postmaster.js';

const RETRY_MS = 10_000;
const RETRY_PAUSE_MS = 50;

/**
 * What passes by itself: somebody took the port between our look and PostgreSQL's, or backends of a server that was
 * killed are still on their way out.
 */
const PASSING = /could not bind|is still in use|already exists/;

/** Runs the start with a port of 127.0.0.1 that is free at this moment, and again with another if that failed it. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + RETRY_MS; ; await pause(RETRY_PAUSE_MS)) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (!(error instanceof PostmasterFailed) || !PASSING.test(error.log) || Date.now() > deadline) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

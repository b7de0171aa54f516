import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ORDERS } from '../support/orders-client.js';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Stage } from './fault.js';
import type { Kind } from './ledger.js';
import { Load } from './load.js';

const LOGIN = 'POST /auth/login HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n';
const HALF_HEAD = `${LOGIN}X-Slow: `;
const HALF_BODY = `${LOGIN}Content-Length: 99\r\n\r\n{`;
const proof = Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64');
const FEED = `GET /oauth/revocations HTTP/1.1\r\nHost: gate\r\nAuthorization: Basic ${proof}\r\n\r\n`;

const ONLY_LOGINS: Record<Kind, number> = {
  ...{ use: 0, refresh: 0, login: 1, logout: 0, register: 0, endDevice: 0, endOthers: 0, password: 0 },
};
const FLOOD_RATE = 150;
const HOT_USES = 600;

/** Clients who are slow, many, or say everything twice. */
export const CLIENT_FAULTS: readonly Fault[] = [
  {
    ...{ id: 'L23', name: 'every unsafe request arrives twice' },
    inflict: ({ actors }) => void (actors.isRepeating = true),
    heal: ({ actors }) => void (actors.isRepeating = false),
  },
  crowding('200 clients send a byte now and then', [...times(100, HALF_HEAD), ...times(100, HALF_BODY)], 'a'),
  crowding('1,000 connections are idle', times(1000, '')),
  crowding('80 readers of the feed read nothing', times(80, FEED)),
  {
    ...{ id: 'L6', name: 'logins come faster than passwords can be hashed', lastsMs: 0 },
    inflict: async ({ actors }) => {
      const flood = new Load(actors, ONLY_LOGINS, FLOOD_RATE);
      flood.start();
      await pause(3000);
      await flood.stop();
    },
  },
  { id: 'L16', name: 'one session is used 200 times a second', inflict: useOne, lastsMs: 0 },
];

/** These connections are opened to one instance, and go on as little as they began. */
function crowding(name: string, parts: readonly string[], byte?: string): Fault {
  let sockets: Socket[] = [];
  return {
    ...{ id: 'L22', name },
    inflict: async ({ site }) => {
      const port = Number(new URL(site.url(1)).port);
      // As many at a time as may wait to be accepted.
      for (let from = 0; from < parts.length; from += 200)
        sockets.push(...(await Promise.all(parts.slice(from, from + 200).map((part) => connectionWith(port, part)))));
      for (const socket of sockets) socket.pause();
      for (let i = 0; byte && i < 3; i += 1, await pause(700))
        for (const socket of sockets) if (socket.writable) socket.write(byte);
    },
    heal: () => {
      for (const socket of sockets) socket.destroy();
      sockets = [];
    },
  };
}

async function connectionWith(port: number, part: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(part);
  return socket;
}

async function useOne({ actors }: Stage): Promise<void> {
  const device = actors.crowd.device();
  if (!device) throw new Error('There is nobody to use a session');
  const uses: Promise<unknown>[] = [];
  for (let i = 0; i < HOT_USES; i += 1, await pause(5))
    uses.push(actors.use(device, actors.instance(), performance.now()));
  await Promise.all(uses);
}

function times(count: number, part: string): string[] {
  return Array.from({ length: count }, () => part);
}

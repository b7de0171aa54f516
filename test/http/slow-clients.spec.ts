import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { MAX_CONNECTIONS } from '../../src/http/bounded-server.adapter.js';
import { startApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let sockets: Socket[];

beforeAll(async () => {
  app = await startApp({});
});
afterAll(() => app.close());
beforeEach(() => {
  sockets = [];
});
afterEach(() => sockets.forEach((socket) => socket.destroy()));

/** A connection on which this much has been sent. */
async function begin(part: string): Promise<Socket> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(part);
  return socket;
}

/** The answer to what was sent by a client that goes on with a byte every second, and the seconds until the end. */
async function dribbled(part: string, byte = 'a'): Promise<{ answer: string; seconds: number }> {
  const socket = await begin(part);
  const beganAt = performance.now();
  const dribble = setInterval(() => socket.writable && socket.write(byte), 1000);
  const answer = await text(socket).catch(() => '');
  clearInterval(dribble);
  return { answer, seconds: (performance.now() - beganAt) / 1000 };
}

const JSON_HEAD = 'POST /auth/login HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n';

it('lets go of whoever sends nothing or half a head after 10 s, half a body after 15 s (R11.6, L22)', async () => {
  const [nothing, head, body, answers] = await Promise.all([
    dribbled('', ''),
    dribbled('GET /health/live HTTP/1.1\r\nX-Slow: '),
    dribbled(`${JSON_HEAD}Content-Length: 99\r\n\r\n{`),
    unread(),
  ]);
  for (const { answer, seconds } of [nothing, head]) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n.*"code":"invalid_request"/s);
    expect(Math.abs(seconds - 11)).toBeLessThan(2);
  }
  expect(body.answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(Math.abs(body.seconds - 16)).toBeLessThan(2);
  expect(answers).toBeGreaterThan(14);
});

/** Seconds until a client that asks for much and reads nothing has been let go. */
async function unread(): Promise<number> {
  const beganAt = performance.now();
  const accepted = once(app.nest.getHttpServer(), 'connection') as Promise<[Socket]>;
  const client = await begin('GET /docs/openapi.json HTTP/1.1\r\nHost: gate\r\n\r\n'.repeat(100));
  client.pause();
  const [socket] = await accepted;
  await once(socket, 'close');
  return (performance.now() - beganAt) / 1000;
}

it('answers 413 as soon as a body is announced that is too large, and closes the connection', async () => {
  for (const [length, head] of [
    [1_000_000_000, JSON_HEAD],
    [16 * 1024 + 1, JSON_HEAD],
    [8 * 1024 + 1, JSON_HEAD.replace('/auth/login', '/oauth/introspect')],
  ] as const) {
    const beganAt = performance.now();
    const answer = await text(await begin(`${head}Content-Length: ${length}\r\n\r\n`));
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n.*/s);
    expect(answer).toMatch(head.includes('/oauth/') ? /"error":"invalid_request"/ : /"code":"payload_too_large"/);
    expect(performance.now() - beganAt).toBeLessThan(2000);
  }
});

it(`has ${MAX_CONNECTIONS} connections at most: one more is closed at once, and there is room again when others leave`, async () => {
  const idle: Socket[] = [];
  // As many at a time as wait to be accepted.
  while (idle.length < MAX_CONNECTIONS) idle.push(...(await Promise.all(Array.from({ length: 250 }, () => begin('')))));
  expect(await text(await begin('GET /health/live HTTP/1.1\r\nHost: gate\r\n\r\n')).catch(() => '')).toBe('');
  await Promise.all(
    idle.map(async (socket) => {
      socket.destroy();
      await once(socket, 'close');
    }),
  );
  expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
});

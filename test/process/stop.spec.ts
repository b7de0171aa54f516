import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { ANN, freshDatabase, freshFolder, get, Program, removeFolders, until } from './program.js';

let cwd: string;
let env: Record<string, string>;

beforeAll(async () => {
  cwd = await freshFolder();
  env = { PORT: '0', DATABASE_URL: await freshDatabase('stop'), OAUTH_CLIENTS_FILE: ordersClientsFile(cwd) };
});

afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

describe('a server that is told to stop', () => {
  let server: Program;
  let url: string;
  let port: number;
  let sockets: Socket[];

  beforeEach(async () => {
    server = Program.run(['main'], { cwd, env });
    url = await server.ready();
    port = Number(new URL(url).port);
    sockets = [];
  });

  afterEach(() => sockets.forEach((socket) => socket.destroy()));

  /** A connection on which this much of a request has been sent. */
  async function begin(part: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(part);
    return socket;
  }

  async function refuses(): Promise<boolean> {
    const socket = connect(port, '127.0.0.1');
    return new Promise((resolve) => {
      socket.once('error', () => resolve(true));
      socket.once('connect', () => resolve(!socket.destroy()));
    });
  }

  it('is not ready any more, takes nobody new, finishes what is under way and ends with 0', async () => {
    const body = JSON.stringify(ANN);
    const register = await begin(
      `POST /auth/register HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
    );
    const readiness = await begin('GET /health/ready HTTP/1.1\r\nHost: gate\r\n');
    const idle = await begin('GET /health/live HTTP/1.1\r\nHost: gate\r\n\r\n');
    await once(idle, 'data');

    server.kill('SIGTERM');
    await until(refuses, 2000);
    readiness.write('\r\n');
    expect(await text(readiness)).toMatch(/^HTTP\/1\.1 503 /);
    expect(server.child.exitCode).toBeNull();
    register.write(body.slice(9));
    expect(await text(register)).toMatch(/^HTTP\/1\.1 201 /);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('ends with 0 in time, whatever is half sent or not read, and says on each answer that it was the last', async () => {
    const openapi = 'GET /docs/openapi.json HTTP/1.1\r\nHost: gate\r\n\r\n';
    const unread = await begin(openapi.repeat(100));
    unread.pause();
    const [nothing, head, body] = await Promise.all([
      begin(''),
      begin('GET /health/live HTTP/1.1\r\nHo'),
      begin('POST /auth/login HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{'),
    ]);
    const dribble = setInterval(() => [head, body].forEach((socket) => socket.writable && socket.write('a')), 200);
    const inTime = await begin('GET /health/live HTTP/1.1\r\nHost: gate\r\n');
    await get(url, '/health/live');

    const toldAt = performance.now();
    server.kill('SIGTERM');
    await until(refuses, 2000);
    inTime.write('\r\n');
    expect(await text(inTime)).toMatch(/^HTTP\/1\.1 200 .*\r\nConnection: close\r\n/s);
    await Promise.all([nothing, head, body].map((socket) => text(socket)));
    expect(performance.now() - toldAt).toBeLessThan(6000);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - toldAt).toBeLessThan(13_000);
    clearInterval(dribble);
  });

  it('ends the streams of the feed, and does not wait for their followers to leave', async () => {
    const proof = Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64');
    const follower = await begin(
      `GET /oauth/revocations HTTP/1.1\r\nHost: gate\r\nAuthorization: Basic ${proof}\r\n\r\n`,
    );
    await once(follower, 'data');
    const toldAt = performance.now();
    server.kill('SIGTERM');
    expect(await text(follower)).toMatch(/(^|\r\n)0\r\n\r\n$/);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - toldAt).toBeLessThan(3500);
  });

  it('takes the same signal within a second for the same wish, and a later one for impatience', async () => {
    const body = 'never complete';
    await begin(`POST /auth/login HTTP/1.1\r\nHost: gate\r\nContent-Length: 99\r\n\r\n${body}`);
    // Answered after the server has read that much: an unread connection would be closed as idle.
    await get(url, '/health/live');
    server.kill('SIGINT');
    await until(refuses, 2000);
    server.kill('SIGINT');
    await pause(1100);
    expect(server.child.exitCode).toBeNull();
    const askedAt = performance.now();
    server.kill('SIGINT');
    expect((await server.ended).code).not.toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(1000);
  });
});

it('ends at once when it is told to stop before it is ready', async () => {
  const unreachable = { ...env, DATABASE_URL: 'postgres://127.0.0.1:1/none' };
  const server = Program.run(['main'], { cwd, env: unreachable });
  await server.says(/trying again/);
  const askedAt = performance.now();
  server.kill('SIGTERM');
  expect(await server.ended).toEqual({ code: 0, signal: null });
  expect(performance.now() - askedAt).toBeLessThan(1000);
});

it('goes on serving in production for as long as a balancer needs to see that it is not ready (L7)', async () => {
  const production = { ...env, NODE_ENV: 'production', HOST: '127.0.0.1', JWT_ISSUER: 'https://auth.example.com' };
  const server = Program.run(['main'], { cwd, env: production });
  const url = await server.ready();
  server.kill('SIGTERM');
  await until(async () => (await get(url, '/health/ready')).status === 503, 2000);
  const answer = await get(url, '/auth/config');
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  expect(await server.ended).toEqual({ code: 0, signal: null });
});

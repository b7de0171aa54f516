import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { MAX_STREAM_AGE_MS, MAX_STREAMS_PER_CLIENT } from '../../src/oauth/feed-followers.js';
import { digestSecret } from '../../src/oauth/clients-file.js';
import { RevocationWindow } from '../../src/revocations/revocation-window.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { startApp, type TestApp } from '../support/test-app.js';

/** One stream of the feed, as it is read. */
class Follower {
  text = '';
  readonly ended: Promise<void>;

  private constructor(
    readonly response: Response,
    private readonly abort: AbortController,
  ) {
    this.ended = this.read();
    this.ended.catch(() => undefined);
  }

  static async of(app: TestApp, after?: string): Promise<Follower> {
    const url = `${app.url}/oauth/revocations${after === undefined ? '' : `?after=${after}`}`;
    const abort = new AbortController();
    return new Follower(await fetch(url, { headers: { authorization: BASIC }, signal: abort.signal }), abort);
  }

  /** One that is let in, as soon as there is room, and has heard a heartbeat. */
  static async following(app: TestApp, after?: string): Promise<Follower> {
    for (;;) {
      const follower = await Follower.of(app, after);
      if (follower.response.status === 429) continue;
      expect(follower.response.status).toBe(200);
      await eventually(async () => follower.text.includes('event: heartbeat'));
      return follower;
    }
  }

  get cursor(): string {
    return [...this.text.matchAll(/^id: (\S+)$/gm)].at(-1)![1]!;
  }

  async leave(): Promise<void> {
    this.abort.abort();
    await this.ended.catch(() => undefined);
  }

  private async read(): Promise<void> {
    for await (const chunk of this.response.body!) this.text += Buffer.from(chunk).toString();
  }
}

const BASIC = `Basic ${Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64')}`;

describe.each(['session', 'jwt'])('the followers of the feed, in %s mode', (mode) => {
  const path = ordersClientsFile();
  const listed = readFileSync(path, 'utf8');
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp({ AUTH_MODE: mode, OAUTH_CLIENTS_FILE: path });
  });
  afterAll(() => app.close());

  it('are let go in good order after an hour, and go on from their cursor', async () => {
    const follower = await Follower.following(app);
    await app.advance(MAX_STREAM_AGE_MS - 60_000);
    const ada = await new Client(app.url).join();
    const ended = await ada.sessionId();
    await ada.logout();
    await eventually(async () => follower.text.includes(ended));
    await app.advance(61_000);
    await follower.ended;
    await (await Follower.following(app, follower.cursor)).leave();
  });

  it.each([
    ['is struck off', '[]'],
    ['has another secret', JSON.stringify([{ id: ORDERS.id, name: 'Orders', secretDigest: digestSecret('another') }])],
  ])('are let go at the next heartbeat when their client %s, and hear nothing more', async (_, clients) => {
    const follower = await Follower.following(app);
    writeFileSync(path, clients);
    await follower.ended;
    expect((await Follower.of(app)).response.status).toBe(401);
    writeFileSync(path, listed);
    await eventually(async () => {
      const again = await Follower.of(app);
      await again.leave();
      return again.response.status === 200;
    });
  });

  it('are limited in number: one stream too many is refused, until another ends', async () => {
    const all = await Promise.all(Array.from({ length: MAX_STREAMS_PER_CLIENT }, () => Follower.of(app)));
    expect(all.map(({ response }) => response.status)).toEqual(all.map(() => 200));
    const refused = await Follower.of(app);
    await refused.ended;
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([429, '10']);
    expect(JSON.parse(refused.text).error).toBe('temporarily_unavailable');
    const page = await fetch(`${app.url}/oauth/revocations`, {
      headers: { authorization: BASIC, accept: 'application/json' },
    });
    expect(page.status).toBe(200);
    await all[0]!.leave();
    await (await Follower.following(app)).leave();
    await Promise.all(all.map((follower) => follower.leave()));
  });

  it('are cut off when they do not read, while one who reads hears everything', async () => {
    const follower = await Follower.following(app);
    const accepted: Socket[] = [];
    app.nest.getHttpServer().on('connection', (socket: Socket) => accepted.push(socket));
    const silent = connect(Number(new URL(app.url).port), '127.0.0.1').pause();
    silent.on('error', () => undefined);
    silent.write(`GET /oauth/revocations HTTP/1.1\r\nHost: gate\r\nAuthorization: ${BASIC}\r\n\r\n`);
    await once(silent, 'connect');
    const mine = (): Socket | undefined => accepted.find(({ remotePort }) => remotePort === silent.localPort);
    await eventually(async () => (mine()?.bytesWritten ?? 0) > 0);
    const socket = mine()!;
    const window = app.nest.get(RevocationWindow);
    // The kernel takes some megabytes for a reader before the reader is seen not to read.
    for (let batch = 0; !socket.destroyed; batch += 1) {
      const events = Array.from(
        { length: 2000 },
        () => ({ type: 'session-revoked', sid: randomUUID(), at: 0 }) as const,
      );
      window.tell(events, {});
      await eventually(async () => follower.text.slice(-9999).includes(events.at(-1)!.sid));
      expect(batch).toBeLessThan(100);
    }
    await follower.leave();
    silent.destroy();
  });
});

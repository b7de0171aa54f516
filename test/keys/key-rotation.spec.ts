import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { generateJwk } from '../../src/keys/generated-jwk.js';
import type { PrivateJwk } from '../../src/keys/jwk.js';
import { JWKS_MAX_AGE_MS, LEAD_MS, rotate, TAIL_MS } from '../../src/keys/key-rotation.js';
import { changeKeysFile, createKeysFile } from '../../src/keys/keys-file.js';
import { Clock } from '../../src/core/clock.js';
import { StoreTime } from '../../src/core/store-time.js';
import { RevocationPoller } from '../../src/revocations/revocation.poller.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import type { MovedClock } from '../support/moved-clock.js';
import { startApp, type TestApp } from '../support/test-app.js';

type NamedJwk = PrivateJwk & { kid: string };

const newKey = (): NamedJwk => generateJwk('ES256') as NamedJwk;

let folder: string;
let keysFile: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-rotation-'));
  keysFile = join(folder, 'keys.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

const start = (options?: { shared: boolean }): Promise<TestApp> =>
  startApp({ AUTH_MODE: 'jwt', JWT_KEYS_FILE: keysFile, ACCESS_TOKEN_SECONDS: '900' }, options);

async function keySet({ url }: TestApp): Promise<JSONWebKeySet> {
  return (await new Client(url).send('GET', '/.well-known/jwks.json')).body as unknown as JSONWebKeySet;
}

const publishes = async (app: TestApp, kid: string): Promise<boolean> =>
  (await keySet(app)).keys.some((key) => key.kid === kid);

const kidOf = ({ held }: Client): string => decodeProtectedHeader(held.accessToken!).kid!;

describe('a keys file that changes while the service runs', () => {
  let app: TestApp;
  let ada: Client;

  beforeAll(async () => {
    createKeysFile(keysFile, 'ES256');
    app = await start();
    ada = await new Client(app.url).join();
  });
  afterAll(() => app.close());

  const readiness = async (): Promise<{ status: number; body: unknown }> => {
    const { status, body } = await new Client(app.url).send('GET', '/health/ready');
    return { status, body };
  };
  const ready = (status: 'ok' | 'degraded'): Promise<number> =>
    eventually(async () => {
      const reply = await readiness();
      expect(reply.status).toBe(200);
      return (reply.body as { status: string }).status === status;
    });
  const serves = async (): Promise<void> => {
    expect((await ada.me()).status).toBe(200);
    expect((await ada.refresh()).status).toBe(200);
    expect((await ada.other().login()).status).toBe(200);
  };

  it('is read again: a new key signs and the tokens of the old one go on', async () => {
    const before = ada.copy();
    const key = newKey();
    await changeKeysFile(keysFile, (keys) => [key, ...keys]);
    await eventually(() => publishes(app, key.kid));
    expect((await ada.refresh()).status).toBe(200);
    expect(kidOf(ada)).toBe(key.kid);
    expect(kidOf(before)).not.toBe(key.kid);
    expect((await before.me()).status).toBe(200);
  });

  it('no longer has a key that is taken out of it believed, not even in a token that was used before', async () => {
    const key = newKey();
    expect((await ada.me()).status).toBe(200);
    await changeKeysFile(keysFile, () => [key]);
    await eventually(() => publishes(app, key.kid));
    expect((await ada.me()).code).toBe('token_invalid');
    expect((await ada.refresh()).status).toBe(200);
    expect((await ada.me()).status).toBe(200);
  });

  it.each<[what: string, content: () => string]>([
    ['is cut off', () => readFileSync(keysFile, 'utf8').slice(0, 100)],
    ['is empty', () => ''],
    ['holds public keys only', () => JSON.stringify({ keys: [{ ...newKey(), d: undefined }] })],
    ['holds a key of another algorithm', () => JSON.stringify({ keys: [generateJwk('HS256')] })],
    ['holds only keys that have retired', () => JSON.stringify({ keys: [{ ...newKey(), retireAt: 1 }] })],
  ])('leaves the old keys in use when it %s, says so, and is taken once it is mended', async (_, content) => {
    const good = readFileSync(keysFile, 'utf8');
    writeFileSync(keysFile, content());
    await ready('degraded');
    await serves();
    expect(errorsLogged()).toContain('What was read before goes on.');
    writeFileSync(keysFile, good);
    await ready('ok');
    await serves();
  });

  it('leaves the old keys in use while it is away', async () => {
    renameSync(keysFile, `${keysFile}.away`);
    await ready('degraded');
    await serves();
    renameSync(`${keysFile}.away`, keysFile);
    await ready('ok');
  });

  it('whose last key retires has logins answered 503 until there is another', async () => {
    const last = { ...newKey(), retireAt: Date.now() + 60_000 };
    await changeKeysFile(keysFile, () => [last]);
    await eventually(() => publishes(app, last.kid));
    await app.advance(61_000);
    await ready('degraded');
    expect((await ada.other().login()).code).toBe('service_unavailable');
    await changeKeysFile(keysFile, () => [newKey()]);
    await ready('ok');
    expect((await ada.other().login()).status).toBe(200);
  });
});

function errorsLogged(): string {
  const log = join(process.env.TEST_FOLDER!, `log-${process.env.JEST_WORKER_ID ?? '1'}.jsonl`);
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('["error"')).join('\n');
}

/** A service that keeps the key set for as long as it may, and not even asks again for a key that it does not know. */
class CachingVerifier {
  private set = createLocalJWKSet({ keys: [] });
  private until = 0;

  constructor(
    private readonly app: TestApp,
    private readonly now: () => number,
  ) {}

  async verify(token: string): Promise<void> {
    const now = this.now();
    if (now >= this.until) {
      this.set = createLocalJWKSet(await keySet(this.app));
      this.until = now + JWKS_MAX_AGE_MS;
    }
    await jwtVerify(token, this.set, { currentDate: new Date(now), clockTolerance: 5, typ: 'at+jwt' });
  }
}

describe('rotating the keys of three instances under load', () => {
  const STEP_MS = 10_000;
  /** One instance's wall clock is late and another's early, and so are those of the verifiers beside them. */
  const OFFSETS_MS = [0, -1_400, 1_400];
  const CLIENTS = 4;
  const PAUSE_MS = 10;
  let apps: TestApp[];

  beforeAll(async () => {
    rmSync(keysFile, { force: true });
    createKeysFile(keysFile, 'ES256');
    apps = [await start(), await start({ shared: true }), await start({ shared: true })];
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
  });

  it('loses no request, here or at a verifier that keeps the key set (R8.2)', async () => {
    const clocks = apps.map(({ nest }) => nest.get<MovedClock>(Clock, { strict: false }));
    for (const [index, clock] of clocks.entries()) clock.jump(OFFSETS_MS[index]!);
    for (const { nest } of apps) {
      await nest.get(RevocationPoller).poll();
      // From here on each goes by what it has learnt: a reading between the step of a clock and that of the store would mislead it.
      jest.spyOn(nest.get(StoreTime, { strict: false }), 'learn').mockReturnValue();
    }
    const lost: string[] = [];
    const seen = new Map<string, number>();
    let running = true;
    let asked = 0;

    const load = async (index: number): Promise<void> => {
      const any = (): TestApp => apps[Math.floor(Math.random() * apps.length)]!;
      const verifier = new CachingVerifier(apps[index % apps.length]!, () => clocks[index % apps.length]!.now().wall);
      const client = await new Client(any().url).join();
      for (let i = 0; running; i += 1) {
        await pause(PAUSE_MS);
        asked += 1;
        const elsewhere = client.copy(any().url);
        let reply = await elsewhere.me();
        if (reply.code === 'token_expired' || i % 50 === index) {
          reply = await elsewhere.refresh();
          client.held = elsewhere.held;
        }
        if (reply.status !== 200) lost.push(`${reply.status} ${reply.code}`);
        else {
          await verifier.verify(elsewhere.held.accessToken!).catch((error: Error) => {
            // Time may have moved on since our own answer; its holder refreshes next.
            if (!(error instanceof errors.JWTExpired)) lost.push(error.message);
          });
          seen.set(kidOf(elsewhere), (seen.get(kidOf(elsewhere)) ?? 0) + 1);
        }
      }
    };
    const move = async (ms: number): Promise<void> => {
      for (let moved = 0; moved < ms; moved += STEP_MS) {
        for (const clock of clocks.slice(1)) clock.offsetMs += STEP_MS;
        await apps[0]!.advance(STEP_MS);
        // However slow the machine, everyone asks something at each of these times.
        const until = asked + CLIENTS;
        while (asked < until) await pause(PAUSE_MS);
      }
    };

    const key = newKey();
    const change = async (): Promise<void> => {
      const [old] = (await keySet(apps[0]!)).keys;
      // So that the copies of the verifiers are neither fresh nor about to be.
      await move(JWKS_MAX_AGE_MS / 2);
      await changeKeysFile(keysFile, (jwks) => rotate(jwks as NamedJwk[], key, clocks[0]!.now().wall));
      for (const app of apps) await eventually(() => publishes(app, key.kid));
      expect([...seen.keys()]).toEqual([old!.kid]);
      await move(LEAD_MS + TAIL_MS);
      for (const app of apps) await eventually(async () => (await keySet(app)).keys.length === 1);
    };
    const clients = Array.from({ length: CLIENTS }, (_, index) => load(index));
    try {
      // A client that breaks off ends it too.
      await Promise.race([change(), Promise.all(clients)]);
    } finally {
      running = false;
      await Promise.all(clients);
    }
    expect([...seen.keys()].at(-1)).toBe(key.kid);
    expect(lost).toEqual([]);
    // Enough of them to have met every moment of it.
    expect(Math.min(...seen.values())).toBeGreaterThan(100);
    console.log(`Requests by key: ${[...seen.values()].join(' with the old one, ')} with the new one.`);
  }, 180_000);
});

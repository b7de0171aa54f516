import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createVerifier, type Verifier } from '@sallyport/verify/plain';
import { generateJwk } from '../../src/keys/generated-jwk.js';
import type { PrivateJwk } from '../../src/keys/jwk.js';
import { retire, rotateNow } from '../../src/keys/key-rotation.js';
import { changeKeysFile, createKeysFile } from '../../src/keys/keys-file.js';
import { Client } from '../support/client.js';
import { closedPort } from '../support/closed-port.js';
import { eventually } from '../support/eventually.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { startApp, type TestApp } from '../support/test-app.js';

/** The file is looked at once a second, and the followers hear of it with the next heartbeat, a second later at most. */
const BOUND_MS = 3_000;

const BASIC = `Basic ${Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64')}`;

describe('a key that is retired', () => {
  const folder = mkdtempSync(join(process.env.TEST_FOLDER!, 'retired-'));
  const file = join(folder, 'keys.json');
  let app: TestApp;
  let verifier: Verifier;

  beforeAll(async () => {
    createKeysFile(file, 'ES256');
    const port = await closedPort();
    app = await startApp({
      AUTH_MODE: 'jwt',
      JWT_KEYS_FILE: file,
      OAUTH_CLIENTS_FILE: ordersClientsFile(),
      JWT_ISSUER: `http://127.0.0.1:${port}`,
      PORT: String(port),
    });
    verifier = createVerifier({
      issuer: `http://127.0.0.1:${port}`,
      audience: 'sallyport',
      clientId: ORDERS.id,
      clientSecret: ORDERS.secret,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    await eventually(async () => verifier.feed.healthy());
  });
  afterAll(async () => {
    await verifier.close();
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const token = async () => (await new Client(app.url).join()).held.accessToken!;
  const kidOf = (jwt: string) =>
    (JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
  const outcome = (jwt: string): Promise<string> =>
    verifier.verifyToken(jwt).then(
      () => 'in',
      (error: unknown) => (error as { code: string }).code,
    );
  const published = async () => {
    const { keys } = (await (await fetch(`${app.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };

  /** A new key signs, and every service has heard of it. */
  async function rotateTo(): Promise<void> {
    const fresh = generateJwk('ES256') as PrivateJwk & { kid: string };
    await changeKeysFile(file, (keys) => rotateNow(keys as (PrivateJwk & { kid: string })[], fresh, Date.now()));
    await eventually(async () => (await published()).includes(fresh.kid));
  }

  async function page(after = ''): Promise<{ events: object[]; cursor: string }> {
    const headers = { Authorization: BASIC, Accept: 'application/json' };
    return (await fetch(`${app.url}/oauth/revocations${after}`, { headers })).json() as ReturnType<typeof page>;
  }

  it('is refused within seconds by a service that keeps a copy of it', async () => {
    const old = await token();
    expect(await outcome(old)).toBe('in');
    await rotateTo();
    expect(await outcome(old)).toBe('in');
    const { cursor } = await page();
    await changeKeysFile(file, (keys) => retire(keys as (PrivateJwk & { kid: string })[], kidOf(old), Date.now()));
    const delay = await eventually(async () => (await outcome(old)) === 'token_invalid', 2 * BOUND_MS);
    expect(delay).toBeLessThan(BOUND_MS);
    // Whoever comes later, or comes back, hears of it as well.
    const event = { type: 'key-retired', kid: kidOf(old) };
    expect((await page()).events).toContainEqual(event);
    expect((await page(`?after=${cursor}`)).events).toContainEqual(event);
    const { events } = await page();
    expect(events.filter((one) => 'kid' in one)).toEqual([event]);
  });

  it('is refused like that when it was only taken out of the file', async () => {
    const old = await token();
    expect(await outcome(old)).toBe('in');
    await rotateTo();
    await changeKeysFile(file, (keys) => keys.filter(({ kid }) => kid !== kidOf(old)));
    await eventually(async () => (await outcome(old)) === 'token_invalid', 2 * BOUND_MS);
    expect((await page()).events).toContainEqual({ type: 'key-retired', kid: kidOf(old) });
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { tellDelays } from '../support/delays.js';
import { eventually } from '../support/eventually.js';
import { buildOrders, Deployment } from './deployment.js';
import { Program, removeFolders } from './program.js';

/** What the documentation promises of another instance, whatever fails. In session mode it is nothing at all. */
const BOUND_MS = 1000;
/** And of a service behind the guard: what it may be behind the feed comes on top. */
const ORDERS_BOUND_MS = BOUND_MS + 3000;
const ROUNDS = Number(process.env.ROUNDS ?? 10);
const ROUND_MS = 1000;
const DEVICES = 20;
const REFUSED = /^(session_revoked|token_invalid)$/;

/** A connection that ends without an answer lets nobody in either. */
const answerOf = (asked: Promise<string>): Promise<string> => asked.catch(() => 'no answer');

beforeAll(buildOrders, 60_000);
afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

describe.each(['session', 'jwt'])('a session in %s mode that was ended at one instance', (mode) => {
  let site: Deployment;
  let ada: Client;

  beforeAll(async () => {
    site = await Deployment.start(mode);
    ada = await new Client(site.here.url).join();
  }, 120_000);
  afterAll(() => site.close());
  afterEach(() => site.mend());

  /** Logged in once more, and let in by the other instance and by the orders service. */
  const device = async (): Promise<Client> => {
    const client = ada.other();
    expect((await client.login()).status).toBe(200);
    expect(await site.askThere(client)).toBe('let in');
    expect(await site.askOrders(client)).toBe('let in');
    return client;
  };
  const devices = async (): Promise<Client[]> => {
    const all: Client[] = [];
    while (all.length < DEVICES) all.push(await device());
    return all;
  };
  /** The device's own logout. What it held is still there to be tried. */
  const end = async (client: Client): Promise<void> => {
    expect((await client.copy().logout()).status).toBe(204);
  };
  const endAll = (all: Client[]): Promise<unknown> => Promise.all(all.map(end));

  /** How long after its end a session was refused, and how often it was let in until then. */
  const refused = async (ask: () => Promise<string>): Promise<{ after: number; letIn: number }> => {
    let letIn = -1;
    const after = await eventually(async () => {
      letIn += 1;
      return (await ask()) !== 'let in';
    }, ORDERS_BOUND_MS);
    expect(await ask()).toMatch(REFUSED);
    return { after, letIn };
  };

  const inRounds = async (how: string): Promise<{ there: number[]; orders: number[] }> => {
    const delays = { there: [] as number[], orders: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const client = await device();
      // At any moment between two pulls.
      await pause(Math.random() * 500);
      await end(client);
      const [there, orders] = await Promise.all([
        refused(() => site.askThere(client)),
        refused(() => site.askOrders(client)),
      ]);
      if (mode === 'session') expect(there.letIn).toBe(0);
      delays.there.push(there.after);
      delays.orders.push(orders.after);
    }
    tellDelays(`Ended in ${mode} mode, ${how}, refused by the other instance`, delays.there);
    tellDelays(`Ended in ${mode} mode, ${how}, refused by the orders service`, delays.orders);
    expect(Math.max(...delays.there)).toBeLessThan(BOUND_MS);
    expect(Math.max(...delays.orders)).toBeLessThan(ORDERS_BOUND_MS);
    return delays;
  };

  it(
    'is refused by the other one and by the next service, at once or by a hint',
    async () => void (await inRounds('with hints')),
    30_000 + ROUNDS * ROUND_MS,
  );

  it(
    'is refused by both within the bound when no hint arrives anywhere',
    async () => {
      site.databaseLink.cutWhoSays('LISTEN ');
      await eventually(async () => (await site.askThere(ada)) === 'let in');
      const { orders } = await inRounds('without hints');
      // It was the next pull that brought them, and no hint.
      expect(Math.max(...orders)).toBeGreaterThan(100);
    },
    30_000 + ROUNDS * ROUND_MS,
  );

  it('is refused by an instance that was held up for two seconds, also to requests that waited there', async () => {
    const all = await devices();
    site.there.hold();
    await endAll(all);
    const waiting = Promise.all(all.map((client) => answerOf(site.askThere(client))));
    await pause(2000);
    site.there.release();
    expect(await waiting).not.toContain('let in');
    for (const client of all) expect(await site.askThere(client)).toBe('session_revoked');
  });

  it('is refused by both when they were held up for ten seconds, also to requests that waited there', async () => {
    const all = await devices();
    site.there.hold();
    site.orders.hold();
    await endAll(all);
    const asked = all.flatMap((client) => [site.askThere(client), site.askOrders(client)]);
    const waiting = Promise.all(asked.map(answerOf));
    await pause(10_000);
    site.there.release();
    site.orders.release();
    expect(await waiting).not.toContain('let in');
    for (const client of all) {
      expect(await site.askThere(client)).toBe('session_revoked');
      expect(await site.askOrders(client)).toMatch(REFUSED);
    }
  });

  /** Every device asks the orders service all the time. How long after the end the last one that was let in had asked. */
  const lastLetIn = async (all: Client[], forMs: number): Promise<{ last: number; answers: Set<string> }> => {
    const since = performance.now();
    const answers = new Set<string>();
    let last = 0;
    await Promise.all(
      all.map(async (client) => {
        while (performance.now() - since < forMs) {
          const askedAt = performance.now() - since;
          const answer = await site.askOrders(client);
          answers.add(answer);
          if (answer === 'let in') last = Math.max(last, askedAt);
          await pause(50);
        }
      }),
    );
    return { last, answers };
  };

  it('is asked about by the next service once its feed is lost', async () => {
    const all = await devices();
    site.issuerLink.cutWhoSays('GET /oauth/revocations');
    await endAll(all);
    const { last, answers } = await lastLetIn(all, ORDERS_BOUND_MS + 500);
    expect(last).toBeLessThan(ORDERS_BOUND_MS);
    expect(answers).not.toContain('service_unavailable');
    for (const client of all) expect(await site.askOrders(client)).toMatch(REFUSED);
  }, 30_000);

  it('is not let in by the next service that can ask nobody: it answers 503', async () => {
    const all = await devices();
    site.issuerLink.swallow();
    await endAll(all);
    const { last, answers } = await lastLetIn(all, ORDERS_BOUND_MS + 500);
    expect(last).toBeLessThan(ORDERS_BOUND_MS);
    expect(answers).toContain('service_unavailable');
    await site.mend();
    for (const client of all) expect(await site.askOrders(client)).toMatch(REFUSED);
  }, 30_000);

  it('is refused from their first answer on by those that were killed and came back', async () => {
    const all = await devices();
    await Promise.all([site.there.kill(), site.orders.kill()]);
    await endAll(all);
    await Promise.all([site.there.run(), site.orders.run()]);
    for (const client of all) {
      expect(await site.askThere(client)).toBe('session_revoked');
      expect(await site.askOrders(client)).toMatch(REFUSED);
    }
  }, 30_000);

  it('is refused by the next service also when the instance that it follows was away', async () => {
    const all = await devices();
    await site.here.kill();
    for (const client of all) expect((await client.copy(site.there.url).logout()).status).toBe(204);
    const { last } = await lastLetIn(all, ORDERS_BOUND_MS + 500);
    expect(last).toBeLessThan(ORDERS_BOUND_MS);
    await site.here.run();
    await site.mend();
    for (const client of all) expect(await site.askOrders(client)).toMatch(REFUSED);
  }, 60_000);
});

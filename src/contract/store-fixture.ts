import { randomBytes, randomUUID } from 'node:crypto';
import { digestToken, mintToken, modeOfToken, newSalt, successorOf } from '../sessions/opaque-token.js';
import type { AuthMode, Transport } from '../core/credential.js';
import type { SessionPolicy } from '../sessions/session-policy.options.js';
import type { NewSession } from '../sessions/session.store.js';
import type { Rotation } from '../sessions/token.store.js';
import type { User } from '../users/user.js';
import type { AllStores, TestedStorage, Stores } from './stores.js';
import { BY } from './told.js';

export const SECOND = 1000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

export const POLICY: SessionPolicy = {
  idleSeconds: 1800,
  absoluteSeconds: 12 * 3600,
  graceSeconds: 10,
  maxPerUser: 10,
  limitPolicy: 'evict-oldest',
  // Most suites rotate as fast as they can.
  rotationsAreLimited: false,
};

export type Make<Needed extends keyof AllStores = keyof Stores> = (
  changes?: Partial<SessionPolicy>,
) => Promise<Pick<AllStores, Needed | 'advance' | 'close'>>;

/** One line for each storage that is missing, however many suites would run over it. */
const said = new Set<string | null>();

/** Runs a suite over one storage. What `make` gave is closed after each test. */
export function describeStorage<Needed extends keyof AllStores>(
  storage: TestedStorage<Needed>,
  title: string,
  suite: (make: Make<Needed>) => void,
): void {
  const absent = storage.missing !== null;
  if (absent && !said.has(storage.missing)) process.stderr.write(`${storage.missing}\n`);
  said.add(storage.missing);
  // Where nobody reads the output a missing server must not look like a passed test.
  const mustRun = process.env.CI === 'true';
  (absent && !mustRun ? describe.skip : describe)(`${title} (${storage.name})`, () => {
    const made: Pick<Stores, 'close'>[] = [];
    suite(async (changes = {}) => {
      if (storage.missing) throw new Error(storage.missing);
      const stores = await storage.make({ ...POLICY, ...changes });
      made.push(stores);
      return stores;
    });
    afterEach(async () => void (await Promise.all(made.splice(0).map((stores) => stores.close()))));
    afterAll(() => storage.stop());
  });
}

export async function newUser({ users }: Pick<Stores, 'users'>): Promise<User> {
  const id = randomUUID();
  const user = await users.create({ id, email: `${id}@example.org`, name: null, passwordHash: 'not a hash' }, BY);
  return user!;
}

export interface Login {
  readonly token: string;
  readonly session: NewSession;
}

/** What a login of this user would open. */
export function loginOf(user: User, changes: Partial<NewSession> = {}): Login {
  const token = mintToken('jwt');
  const session: NewSession = {
    id: randomUUID(),
    userId: user.id,
    authEpoch: user.authEpoch,
    roles: user.roles,
    mode: 'jwt',
    transport: 'bearer',
    device: 'Firefox on Linux',
    ip: '192.0.2.7',
    acr: 'aal1',
    amr: ['pwd'],
    claims: {},
    provedMsAgo: 0,
    tokenDigest: digestToken(token),
    ...changes,
  };
  return { token, session };
}

export async function logIn(stores: Stores, user: User, changes: Partial<NewSession> = {}): Promise<Login> {
  const login = loginOf(user, changes);
  expect(await stores.sessions.open(login.session, BY)).toMatchObject({ outcome: 'opened' });
  return login;
}

export interface Attempt extends Rotation {
  readonly successor: string;
}

/** One request to replace a token. Each has a salt, and so a successor, of its own. */
export function attempt(token: string, mode: AuthMode = 'jwt', transport: Transport = 'bearer'): Attempt {
  const salt = newSalt();
  const successor = successorOf(token, salt, mode);
  return { digest: digestToken(token), successorDigest: digestToken(successor), salt, mode, transport, successor };
}

/** Replaces the current token and gives its successor. */
export async function rotated(stores: Stores, token: string): Promise<string> {
  const next = attempt(token);
  expect(await stores.tokens.rotate(next, BY)).toMatchObject({ verdict: 'rotated' });
  return next.successor;
}

/** What a request was answered, as the token that its client then holds, or the verdict that refused it. */
export async function clientSees(stores: Stores, token: string): Promise<string> {
  const result = await stores.tokens.rotate(attempt(token), BY);
  if (result.verdict !== 'rotated' && result.verdict !== 'replayed') return result.verdict;
  return successorOf(token, result.salt, result.holder.session.mode);
}

export function isToken(text: string): boolean {
  return modeOfToken(text) !== null;
}

export function garbage(): Buffer {
  return randomBytes(32);
}

export async function times<T>(count: number, act: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => act(i)));
}

/** The successor, or null when someone was first or the token is worth nothing. */
export async function rotatedOrNot(stores: Stores, token: string): Promise<string | null> {
  const next = attempt(token);
  return (await stores.tokens.rotate(next, BY)).verdict === 'rotated' ? next.successor : null;
}

export async function expectDead(stores: Stores, userId: string, id: string, tokens: string[]): Promise<void> {
  await stores.sessions.touch(id);
  for (const token of tokens) {
    expect(await stores.tokens.use(digestToken(token), BY)).toEqual({ verdict: 'revoked', sessionId: id, userId });
    expect(await rotatedOrNot(stores, token)).toBeNull();
  }
  expect(await stores.sessions.find(id)).toEqual({ state: 'revoked' });
  expect((await stores.sessions.list(userId)).map((session) => session.id)).not.toContain(id);
}

/** Sweeps until nothing is left, and says how many sessions went with each slice. */
export async function swept({ sessions }: Stores, batch = 1000): Promise<number[]> {
  const slices = [];
  for (let isDone = false; !isDone;) {
    const slice = await sessions.sweep(batch);
    slices.push(slice.sessions);
    isDone = slice.isDone;
  }
  return slices;
}

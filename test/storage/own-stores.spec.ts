import { StartError } from '../../src/core/start-error.js';
import { digestToken } from '../../src/sessions/opaque-token.js';
import { openStorage } from '../../src/storage/open-storage.js';
import { MemoryAuditTrail } from '../../src/storage/memory/memory-audit-trail.js';
import { MemoryHints } from '../../src/storage/memory/memory-hints.js';
import { MemoryLimitStore } from '../../src/storage/memory/memory-limit.store.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { MemorySessions } from '../../src/storage/memory/memory-sessions.js';
import { MemoryTokenStore } from '../../src/storage/memory/memory-token.store.js';
import type { OwnStores } from '../../src/storage/own-stores.js';
import type { StorageOptions } from '../../src/storage/storage.options.js';
import { closedPort } from '../support/closed-port.js';
import { FakeUserStore } from '../support/fake-user.store.js';
import { OwnedDatabase } from '../support/owned-database.js';
import { storageParts } from '../support/storage-parts.js';
import { attempt, loginOf, logIn, newUser, POLICY, rotated, SECOND } from '../../src/contract/store-fixture.js';
import { because, BY, HeardAudit } from '../../src/contract/told.js';

/** Stores as an adopter has them: of users, and of sessions that tell nobody what they do. */
function adopters() {
  const parts = storageParts();
  const users = new FakeUserStore(parts.clock);
  const state = new MemorySessions(parts.clock, { ...POLICY, maxPerUser: 1 });
  const sessions = new MemorySessionStore(state, users, new HeardAudit());
  const tokens = new MemoryTokenStore(state, new HeardAudit());
  const audit = new HeardAudit();
  const own = { users, sessions, tokens, hints: new MemoryHints(), limits: new MemoryLimitStore(parts.clock), audit };
  return { parts, own, audit };
}

const options = (changes: Partial<StorageOptions>): StorageOptions => ({
  database: 'memory',
  schema: 'sallyport',
  sessionStore: 'own',
  redisUrl: null,
  ...changes,
});

describe('stores of an adopter’s own', () => {
  it('are used in place of ours, and no database is opened when none of ours needs one', async () => {
    const { parts, own } = adopters();
    const url = `postgres://nobody@127.0.0.1:${await closedPort()}/nothing`;
    const storage = await openStorage(options({ database: { url }, own }), parts);
    const { id } = await newUser(storage);
    expect(await own.users.find(id)).toMatchObject({ id });
    expect(storage.limits).toBe(own.limits);
    expect(storage.hints).toBe(own.hints);
    await storage.close();
  });

  it('need not tell the audit trail of what they do: it is told once, whoever keeps the trail', async () => {
    const { parts, own, audit } = adopters();
    const storage = await openStorage(options({ own }), parts);
    const stores = { ...storage, told: async () => [], advance: async () => undefined, close: async () => undefined };
    const user = await newUser(stores);
    const { session } = await logIn(stores, user);
    const { session: next, token } = await logIn(stores, user);
    await rotated(stores, token);
    parts.clock.advance(11 * SECOND);
    await stores.tokens.rotate(attempt(token), BY);
    await stores.tokens.use(digestToken(token), BY);
    const late = loginOf({ ...user, authEpoch: user.authEpoch - 1 });
    await stores.sessions.open(late.session, BY);
    const { session: last } = await logIn(stores, user);
    await stores.sessions.endOthers(user.id, null, because('ended_by_user'));
    const [by, userId] = [{ actor: BY.actor }, user.id];
    expect(audit.heard).toEqual([
      { event: 'user_created', userId, ...by },
      { event: 'authn_login_success', userId, sessionId: session.id, ...by },
      { event: 'authn_token_revoked', userId, sessionId: session.id, reason: 'evicted', ...by },
      { event: 'excess_sessions_exceeded', userId, count: 1, ...by },
      { event: 'authn_login_success', userId, sessionId: next.id, ...by },
      { event: 'authn_token_reuse', userId, sessionId: next.id, reason: 'token_reused', ...by },
      { event: 'authn_login_success', userId, sessionId: last.id, ...by },
      { event: 'authn_token_revoked', userId, sessionId: last.id, reason: 'ended_by_user', ...by },
    ]);
  });

  it('of users alone leave limits and the trail in the database, and sessions elsewhere', async () => {
    const { parts, own } = adopters();
    const database = await OwnedDatabase.make();
    const where = { database: { url: database.url }, sessionStore: 'memory', own: { users: own.users } } as const;
    const storage = await openStorage(options(where), parts);
    const { id } = await newUser(storage);
    expect(await storage.limits.take([{ limit: 'register-source', subject: 'somewhere' }])).toHaveProperty('takenAt');
    await storage.close();
    const again = await openStorage(options({ database: { url: database.url }, sessionStore: 'postgres' }), parts);
    expect(await again.audit.list({ userId: id, sinceMs: 60_000, limit: 10 })).toMatchObject([
      { event: 'user_created' },
    ]);
    expect(await again.users.find(id)).toBeNull();
    await again.close();
    await database.drop();
  });

  const { users, sessions, tokens, hints, audit } = adopters().own;
  const nowhere = { url: 'postgres://nobody@127.0.0.1:1/nothing' };
  it.each<[string, OwnStores, Partial<StorageOptions>]>([
    [
      'Sessions of your own need all of own.sessions, own.tokens and own.hints: own.tokens and own.hints are missing.',
      { sessions },
      {},
    ],
    [
      'Sessions of your own need all of own.sessions, own.tokens and own.hints: own.hints is missing.',
      { sessions, tokens },
      {},
    ],
    [
      "own.sessions and own.tokens and own.hints would be ignored while sessionStore is 'memory': make it 'own'.",
      { sessions, tokens, hints },
      { sessionStore: 'memory' },
    ],
    [
      'Sessions are in Postgres only beside its users: keep them in Redis, in memory or in a store of your own.',
      { users },
      { database: nowhere, sessionStore: 'postgres' },
    ],
    [
      'What is done in Postgres is told there: own.audit needs users and sessions that are kept elsewhere.',
      { audit },
      { database: nowhere, sessionStore: 'memory' },
    ],
    ['Sessions in Redis need the URL of a Redis.', {}, { sessionStore: 'redis' }],
  ])('%s', async (sentence, own, changes) => {
    await expect(openStorage(options({ own, ...changes }), storageParts())).rejects.toThrow(new StartError(sentence));
  });

  it('are closed with ours, where they can be', async () => {
    const { parts, own } = adopters();
    const trail = new MemoryAuditTrail(parts.log, (await openStorage(options({ own }), parts)).hash, parts.clock);
    const closed = jest.spyOn(trail, 'close');
    await (await openStorage(options({ own: { ...own, audit: trail } }), parts)).close();
    expect(closed).toHaveBeenCalledTimes(1);
  });
});

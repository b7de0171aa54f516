import { digestToken } from '../sessions/opaque-token.js';
import { attempt, clientSees, describeStorage, garbage, logIn, newUser } from './store-fixture.js';
import { rotated, SECOND } from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { BY, because } from './told.js';

/** What every `TokenStore` does, one act at a time. */
export function tokenStoreContract(storage: TestedStorage): void {
  describeStorage(storage, 'A token store', (make) => {
    const use = (stores: Awaited<ReturnType<typeof make>>, token: string) => stores.tokens.use(digestToken(token), BY);

    it('names the holder of a current token', async () => {
      const stores = await make();
      const { user } = (await stores.users.grantRole((await newUser(stores)).email, 'admin', BY))!;
      const { session, token } = await logIn(stores, user);
      const { id, userId } = session;
      expect(await use(stores, token)).toMatchObject({
        verdict: 'held',
        holder: { session: { id, userId }, roles: ['user', 'admin'] },
      });
    });

    it('replaces a token once, and writes the new kind of credential and the idle time on the session', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user, { mode: 'jwt', transport: 'bearer' });
      await stores.advance(100 * SECOND);
      const next = attempt(token, 'session', 'cookie');
      const result = await stores.tokens.rotate(next, BY);
      expect(result).toMatchObject({ verdict: 'rotated', salt: next.salt });
      const [listed] = await stores.sessions.list(user.id);
      expect(listed).toMatchObject({ id: session.id, mode: 'session', transport: 'cookie' });
      expect('holder' in result && result.holder.session).toEqual(listed);
      expect(listed!.lastSeenAt.getTime() - listed!.createdAt.getTime()).toBeGreaterThanOrEqual(100 * SECOND);
      expect(listed!.idleExpiresAt.getTime() - listed!.lastSeenAt.getTime()).toBe(1800 * SECOND);
      expect(await use(stores, next.successor)).toMatchObject({ verdict: 'held' });
    });

    it('moves a session to the other count when its kind of credential changes', async () => {
      const stores = await make();
      const { token } = await logIn(stores, await newUser(stores), { mode: 'jwt' });
      const before = await stores.sessions.countByMode();
      await stores.tokens.rotate(attempt(token, 'session', 'cookie'), BY);
      const after = await stores.sessions.countByMode();
      expect([after.session - before.session, after.jwt - before.jwt]).toEqual([1, -1]);
    });

    it('converges on the same successor inside the grace window, for the mode of the first (I2, I5)', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { token } = await logIn(stores, user);
      const first = attempt(token, 'session', 'cookie');
      await stores.tokens.rotate(first, BY);
      const [listed] = await stores.sessions.list(user.id);
      await stores.advance(9 * SECOND);
      const again = await stores.tokens.rotate(attempt(token, 'jwt', 'bearer'), BY);
      expect(again).toMatchObject({ verdict: 'replayed', salt: first.salt, holder: { session: { mode: 'session' } } });
      expect(await stores.sessions.list(user.id)).toEqual([listed]);
      expect(await use(stores, token)).toMatchObject({ verdict: 'held' });
      expect(await clientSees(stores, token)).toBe(first.successor);
    });

    it.each(['use', 'rotate'] as const)(
      'takes the direct predecessor after the window for theft, at %s (I6)',
      async (how) => {
        const stores = await make();
        const user = await newUser(stores);
        const [{ session, token }, bystander] = [await logIn(stores, user), await logIn(stores, user)];
        const successor = await rotated(stores, token);
        await stores.advance(10 * SECOND);
        const reused = { verdict: 'reused', sessionId: session.id, userId: user.id };
        expect(how === 'use' ? await use(stores, token) : await stores.tokens.rotate(attempt(token), BY)).toEqual(
          reused,
        );
        expect(await stores.sessions.find(session.id)).toEqual({ state: 'revoked' });
        expect(await use(stores, successor)).toEqual({ ...reused, verdict: 'revoked' });
        expect(await use(stores, token)).toEqual({ ...reused, verdict: 'revoked' });
        expect(await clientSees(stores, successor)).toBe('revoked');
        expect(await use(stores, bystander.token)).toMatchObject({ verdict: 'held' });
      },
    );

    it.each(['use', 'rotate'] as const)('calls an older token superseded inside its own window, at %s', async (how) => {
      const stores = await make();
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      const second = await rotated(stores, token);
      await stores.advance(4 * SECOND);
      const third = await rotated(stores, second);
      await stores.advance(4 * SECOND);
      const present = () => (how === 'use' ? use(stores, token) : stores.tokens.rotate(attempt(token), BY));
      const refusal = { sessionId: session.id, userId: user.id };
      expect(await present()).toEqual({ ...refusal, verdict: 'superseded' });
      expect(await use(stores, third)).toMatchObject({ verdict: 'held' });
      expect(await use(stores, second)).toMatchObject({ verdict: 'held' });
      // Its own window is counted from when it was replaced, not from the last rotation.
      await stores.advance(3 * SECOND);
      expect(await present()).toEqual({ ...refusal, verdict: 'reused' });
      expect(await use(stores, third)).toEqual({ ...refusal, verdict: 'revoked' });
    });

    it('remembers the current token and the 31 before it; an older one is unknown and ends nothing', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { token } = await logIn(stores, user);
      const chain = [token];
      for (let i = 0; i < 45; i += 1) chain.push(await rotated(stores, chain[i]!));
      // Whatever is in its window is remembered all the same.
      expect(await use(stores, token)).toMatchObject({ verdict: 'superseded' });
      await stores.advance(11 * SECOND);
      for (const old of [chain[0]!, chain[13]!]) {
        expect(await use(stores, old)).toEqual({ verdict: 'unknown' });
        expect(await stores.tokens.rotate(attempt(old), BY)).toEqual({ verdict: 'unknown' });
        expect(await stores.tokens.endBy(digestToken(old), because('logout'))).toBeNull();
      }
      expect(await use(stores, chain[45]!)).toMatchObject({ verdict: 'held' });
      expect((await use(stores, chain[14]!)).verdict).toBe('reused');
      // What was forgotten stays unknown after the end, too.
      expect(await use(stores, chain[13]!)).toEqual({ verdict: 'unknown' });
    });

    it('has no window at all when grace is 0', async () => {
      const stores = await make({ graceSeconds: 0 });
      const { token } = await logIn(stores, await newUser(stores));
      await rotated(stores, token);
      expect((await use(stores, token)).verdict).toBe('reused');
    });

    it('changes nothing for garbage (I8)', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      const listed = await stores.sessions.list(user.id);
      const rotation = attempt(token);
      for (const digest of [
        garbage(),
        Buffer.alloc(0),
        Buffer.alloc(32),
        Buffer.from(session.id),
        rotation.successorDigest,
      ]) {
        expect(await stores.tokens.use(digest, BY)).toEqual({ verdict: 'unknown' });
        expect(await stores.tokens.rotate({ ...rotation, digest }, BY)).toEqual({ verdict: 'unknown' });
        expect(await stores.tokens.endBy(digest, because('logout'))).toBeNull();
      }
      expect(await stores.sessions.list(user.id)).toEqual(listed);
      expect(await stores.tokens.rotate(rotation, BY)).toMatchObject({ verdict: 'rotated' });
    });

    it('ends the session by any of its tokens, current or replaced, once', async () => {
      const stores = await make();
      const user = await newUser(stores);
      for (const back of [0, 1, 2]) {
        const { session, token } = await logIn(stores, user);
        const chain = [token];
        for (let i = 0; i < 2; i += 1) chain.push(await rotated(stores, chain[i]!));
        await stores.advance(60 * SECOND);
        const named = { sessionId: session.id, userId: user.id };
        const digest = digestToken(chain[2 - back]!);
        expect(await stores.tokens.endBy(digest, because('logout'))).toEqual({ ...named, outcome: 'ended' });
        expect(await stores.tokens.endBy(digest, because('logout'))).toEqual({ ...named, outcome: 'revoked' });
        expect(await stores.sessions.find(session.id)).toEqual({ state: 'revoked' });
      }
    });
  });
}

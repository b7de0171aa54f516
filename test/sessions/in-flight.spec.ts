import type { Origin } from '../../src/core/origin.js';
import { EndRecorder } from '../../src/sessions/end-recorder.js';
import { EndedLately } from '../../src/sessions/ended-lately.js';
import { RevocationAnnouncer } from '../../src/sessions/revocation.announcer.js';
import { RotationRefusals } from '../../src/sessions/rotation-refusals.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import type { TokenUse } from '../../src/sessions/token.store.js';
import { MemoryHints } from '../../src/storage/memory/memory-hints.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { MemorySessions } from '../../src/storage/memory/memory-sessions.js';
import { MemoryTokenStore } from '../../src/storage/memory/memory-token.store.js';
import { FakeUserStore } from '../support/fake-user.store.js';
import { MovedClock } from '../support/moved-clock.js';
import { toldTime } from '../support/told-time.js';
import { loginOf, POLICY } from '../../src/contract/store-fixture.js';
import { HeardAudit } from '../../src/contract/told.js';
import { unlimited } from '../support/unlimited.js';

/** Answers a use when it is told to, with what was true when it was asked. */
class LateTokenStore extends MemoryTokenStore {
  release = (): void => undefined;

  override async use(digest: Buffer, origin: Origin): Promise<TokenUse> {
    const use = await super.use(digest, origin);
    await new Promise<void>((resolve) => (this.release = resolve));
    return use;
  }
}

it('a use whose answer was on its way while its session ended here is refused', async () => {
  const clock = new MovedClock();
  const audit = new HeardAudit();
  const users = new FakeUserStore();
  const user = (await users.create({ id: 'ada', email: 'ada@example.org', name: null, passwordHash: 'not a hash' }))!;
  const state = new MemorySessions(clock, POLICY);
  const [store, tokens, ended] = [
    new MemorySessionStore(state, users, audit),
    new LateTokenStore(state, audit),
    new EndedLately(clock),
  ];
  const ends = new EndRecorder(ended, new RevocationAnnouncer(new MemoryHints()));
  const refusals = new RotationRefusals(ends, unlimited(), audit);
  const sessions = new SessionsService(store, tokens, ends, ended, toldTime(clock), refusals);
  const { session: login } = loginOf(user);
  const { token } = await sessions.open(login, {});
  const use = sessions.use(token, {});
  await sessions.endBy(token, 'logout', {});
  tokens.release();
  await expect(use).rejects.toMatchObject({ code: 'session_revoked' });
});

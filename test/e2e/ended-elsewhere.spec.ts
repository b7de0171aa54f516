import { Client, type Reply } from '../support/client.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { SHARED_STORES } from '../support/shared-stores.js';
import { startApp, type TestApp } from '../support/test-app.js';

const ROUNDS = 15;

interface Answer {
  readonly words: string;
  readonly status: number;
  /** `dead` holds the session that ended and `id` is its id; `owner` is another device of the same user. */
  readonly ask: (dead: Client, id: string, owner: Client) => Promise<Reply>;
}

const ANSWERS: Answer[] = [
  { words: '204 to its logout', status: 204, ask: (dead) => dead.logout() },
  { words: '401 to its refresh', status: 401, ask: (dead) => dead.refresh() },
  { words: '401 to its GET /auth/me', status: 401, ask: (dead) => dead.me() },
  {
    words: '404 to another device that would end it',
    status: 404,
    ask: (_, id, owner) => owner.as('DELETE', `/auth/sessions/${id}`),
  },
];

/** The instance that answers hears no hint: of what the other one ended it knows by nothing but the pull, twice a second. */
describe.each(SHARED_STORES)('a session that another instance on $store ended, in jwt mode,', (shared) => {
  const { store, variable, url } = shared;
  const settings = { AUTH_MODE: 'jwt', SESSION_STORE: store, SESSION_MAX_PER_USER: '100' };
  let link: FaultProxy;
  let here: TestApp;
  let there: TestApp;
  let ada: Client;

  beforeAll(async () => {
    link = await FaultProxy.to(url);
    link.cutWhoSays(shared.words.listen);
    here = await startApp({ ...settings, [variable]: link.url });
    there = await startApp(settings, { shared: true });
    ada = await new Client(here.url).join();
  });
  afterAll(async () => {
    await here.close();
    await there.close();
    await link.close();
  });

  it.each(ANSWERS)('is let in no more once this instance has answered $words', async ({ ask, status }) => {
    const letIn: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const phone = ada.other();
      const { id } = (await phone.login()).body.session as { id: string };
      expect(await phone.standing()).toBe('let in');
      expect((await phone.copy(there.url).logout()).status).toBe(204);
      expect((await ask(phone.copy(), id, ada)).status).toBe(status);
      if ((await phone.standing()) !== 'session_revoked') letIn.push(round);
    }
    expect(letIn).toEqual([]);
  });
});

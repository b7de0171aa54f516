import { UserStore } from '../../src/users/user.store.js';
import { Client } from '../support/client.js';
import { startApp, type TestApp } from '../support/test-app.js';
import { logLines } from '../support/test-log.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe.each(['session', 'jwt'])('a fault of ours in %s mode', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ AUTH_MODE: mode });
  });
  afterAll(() => app.close());

  it('is answered by the same few words whatever it was, and told to the log by its kind and place (R13.1)', async () => {
    const ada = await new Client(app.url).join();
    const lines = logLines();
    const users = app.nest.get(UserStore, { strict: false });
    const faulty = jest.spyOn(users, 'find').mockRejectedValue(new TypeError('SELECT secret FROM /srv/marker.ts'));
    const headers = { ...ada.credential(), traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    const reply = await ada.send('GET', '/users/01a1fc86-d8a1-75b3-9b46-1282e39c6d54', { headers });
    faulty.mockRestore();
    const requestId = reply.headers.get('x-request-id');
    expect(reply.body).toEqual({
      type: 'urn:sallyport:problem:internal_error',
      title: expect.any(String),
      status: 500,
      code: 'internal_error',
      detail: expect.any(String),
      requestId,
    });
    expect(JSON.stringify(reply.body)).not.toMatch(/marker|SELECT|TypeError|\.[jt]s/);
    const told = lines().filter(({ level }) => level === 'error');
    expect(told).toEqual([
      expect.objectContaining({
        context: 'http',
        entry: {
          requestId,
          traceId: TRACE,
          code: 'internal_error',
          cause: { name: 'TypeError', at: expect.arrayContaining([expect.stringMatching(/^at /)]) },
        },
      }),
    ]);
    expect(JSON.stringify(told)).not.toContain('SELECT');
    expect((await ada.me()).status).toBe(200);
  });
});

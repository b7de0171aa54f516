import { inEveryColumn } from '../support/columns.js';
import { type LogLine, logLines } from '../support/test-log.js';
import { eventually } from '../support/eventually.js';

inEveryColumn({}, ({ client, member, scenario }) => {
  /** The line of the log about the request with that id. It is written once the answer is on its way. */
  const lineOf = async (lines: () => LogLine[], requestId: string | null): Promise<LogLine['entry']> => {
    const find = (): LogLine | undefined =>
      lines().find(({ context, entry }) => context === 'request' && entry.requestId === requestId);
    await eventually(async () => find() !== undefined);
    return find()!.entry;
  };

  scenario('each request is a line of the log, with nothing that the request carried (R13.3, R13.4)', async () => {
    const lines = logLines();
    const ada = await member();
    const headers = { ...ada.credential(), 'x-marker': 'marker-in-a-header', 'user-agent': 'marker-agent' };
    const seen = await ada.send('GET', '/users/marker-in-the-path?marker=marker-in-the-query', { headers });
    const refused = await client().login('marker not the password at all');
    expect(await lineOf(lines, seen.headers.get('x-request-id'))).toEqual({
      requestId: seen.headers.get('x-request-id'),
      method: 'GET',
      route: '/users/:id',
      status: 422,
      ms: expect.any(Number),
    });
    expect(await lineOf(lines, refused.headers.get('x-request-id'))).toMatchObject({
      route: '/auth/login',
      status: 401,
    });
    expect(JSON.stringify(lines())).not.toContain('marker');
  });
});

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

  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
  const PARENT = '00f067aa0ba902b7';

  scenario(
    'a line names the trace that its request is a part of, and nothing that only looks like one (R13.4)',
    async () => {
      const lines = logLines();
      const traced = async (traceparent: string): Promise<unknown> => {
        const headers = { traceparent, tracestate: 'marker=1' };
        const reply = await client().send('GET', '/auth/config', { headers });
        return (await lineOf(lines, reply.headers.get('x-request-id'))).traceId;
      };
      expect(await traced(`00-${TRACE}-${PARENT}-01`)).toBe(TRACE);
      for (const malformed of [
        `01-${TRACE}-${PARENT}-01`,
        `00-${TRACE.toUpperCase()}-${PARENT}-01`,
        `00-${'0'.repeat(32)}-${PARENT}-01`,
        `00-${TRACE}-${'0'.repeat(16)}-01`,
        `00-${TRACE}-${PARENT}`,
        `00-${TRACE}-${PARENT}-01-more`,
        `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
        `00-${TRACE}0-${PARENT}-01`,
        'marker',
      ])
        expect([malformed, await traced(malformed)]).toEqual([malformed, undefined]);
      expect(JSON.stringify(lines())).not.toContain('marker');
    },
  );

  scenario('each request is a line of the log, with nothing that the request carried (R13.3)', async () => {
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

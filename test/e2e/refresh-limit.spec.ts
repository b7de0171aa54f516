import { type Client } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';
import { from, newSource } from '../support/sources.js';
import { auditTrail } from '../support/test-log.js';

inEveryColumn({ RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' }, (column) => {
  const { scenario } = column;
  const member = (): Promise<Client> => from(newSource(), column.client()).join();
  const rotate = async (client: Client, times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) expect((await client.refresh()).status).toBe(200);
  };

  scenario(
    'refuses the 31st rotation of a minute, keeps the credential good and lets it on when it said (R4.1, R4.5)',
    async () => {
      const ada = await member();
      const phone = from(newSource(), ada.other());
      await phone.login();
      await rotate(ada, 30);
      const lines = auditTrail();
      const refused = await ada.refresh();
      const wait = refused.headers.get('retry-after');
      expect([refused.status, refused.body['violated-policies']]).toEqual([429, ['refresh-session']]);
      expect(refused.headers.get('ratelimit-policy')).toBe('"refresh-session";q=30;w=60');
      expect(refused.headers.get('ratelimit')).toBe(`"refresh-session";r=0;t=${wait}`);
      expect(lines()).toMatchObject([
        { event: 'excess_rate_limit_exceeded', reason: 'refresh-session', sessionId: await ada.sessionId() },
      ]);
      await rotate(phone, 1);
      await column.app.advance(Number(wait) * 1000);
      await rotate(ada, 1);
    },
  );

  scenario('neither counts nor refuses a refresh that is repeated inside the grace window (R4.1)', async () => {
    const ada = await member();
    const retry = ada.copy();
    await rotate(ada, 1);
    await rotate(retry, 1);
    const copies = Array.from({ length: 40 }, () => ada.copy());
    const replies = await Promise.all(copies.map((copy) => copy.refresh()));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    ada.held = copies[0]!.held;
    await rotate(ada, 27);
    const last = ada.copy();
    await rotate(ada, 1);
    expect((await ada.refresh()).status).toBe(429);
    await rotate(last, 1);
  });
});

import { Client } from './client.js';

let networks = 0;

/** An address of a network that no test has used yet. With `TRUST_PROXY=loopback` the product takes it for a client's. */
export function newSource(): string {
  networks += 1;
  return `10.${networks >> 8}.${networks & 255}.7`;
}

/** The client as it comes from there. */
export function from(source: string, client: Client): Client {
  client.headers = { ...client.headers, 'x-forwarded-for': source };
  return client;
}

/** Another client of the same user, on a device that has this cookie and comes from there. */
export function onDevice(source: string, client: Client, cookie: string): Client {
  const other = from(source, client.other());
  other.headers = { ...other.headers, cookie };
  return other;
}

export const WRONG = 'marker not the password at all';

/** So many failed logins, each answered as such. */
export async function fail(client: Client, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) expect((await client.login(WRONG)).code).toBe('login_failed');
}

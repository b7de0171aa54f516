import { randomUUID } from 'node:crypto';
import type { Transport } from '../../src/core/credential.js';
import { eventually } from './eventually.js';
import { noteSecret } from './test-log.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // What came is whatever JSON it was; each test says what it expects of it.
  readonly body: Record<string, never> & { [field: string]: never };
  readonly code: string | undefined;
}

export const PASSWORD = 'marker analytical engines weave';

/** What a client holds: as good as being that client. */
export interface Held {
  accessToken?: string;
  refreshToken?: string;
  cookies: Record<string, string>;
}

export const newEmail = (): string => `user-${randomUUID()}@example.com`;

/** A client that does not know the mode: it sends what it was given and renews with what it was given. */
export class Client {
  held: Held = { cookies: {} };
  headers: Record<string, string> = {
    'user-agent':
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
  };

  constructor(
    private readonly url: string,
    readonly transport: Transport = 'bearer',
    readonly email: string = newEmail(),
  ) {}

  /** Another client of the same user, with nothing in its hands. */
  other(url: string = this.url): Client {
    return new Client(url, this.transport, this.email);
  }

  /** One that holds what this one holds now: a second tab, a retry, or a thief. */
  copy(url: string = this.url): Client {
    const copy = this.other(url);
    copy.held = structuredClone(this.held);
    return copy;
  }

  async register(password = PASSWORD, more: object = {}): Promise<Reply> {
    noteSecret(password);
    return this.send('POST', '/auth/register', { body: { email: this.email, password, ...more } });
  }

  async login(password = PASSWORD): Promise<Reply> {
    noteSecret(password);
    const reply = await this.send('POST', '/auth/login', {
      body: { email: this.email, password, transport: this.transport },
    });
    return this.keep(reply);
  }

  /** Registers and logs in. */
  async join(): Promise<this> {
    expect((await this.register()).status).toBe(201);
    expect((await this.login()).status).toBe(200);
    return this;
  }

  async refresh(): Promise<Reply> {
    const { refreshToken } = this.held;
    if (this.transport === 'bearer' && refreshToken)
      return this.keep(await this.send('POST', '/auth/refresh', { body: { refreshToken } }));
    return this.keep(await this.as('POST', '/auth/refresh'));
  }

  async logout(): Promise<Reply> {
    return this.keep(await this.as('POST', '/auth/logout'));
  }

  async me(): Promise<Reply> {
    return this.as('GET', '/auth/me');
  }

  /**
   * What the guard alone says to this client: `let in`, or the code of its refusal. The route is closed, and its own answer
   * (404) reads no store. `GET /auth/me` reads the session, so it would refuse a dead one whatever the guard knew.
   */
  async standing(): Promise<string> {
    const { status, code } = await this.as('GET', '/users/nobody');
    return status === 404 ? 'let in' : code!;
  }

  async sessions(): Promise<
    {
      id: string;
      current: boolean;
      device: string;
      mode: string;
      transport: string;
      lastSeenAt: string;
      idleExpiresAt: string;
      expiresAt: string;
    }[]
  > {
    const reply = await this.as('GET', '/auth/sessions');
    expect(reply.status).toBe(200);
    return reply.body as never;
  }

  async sessionId(): Promise<string> {
    return (await this.sessions()).find(({ current }) => current)!.id;
  }

  async changePassword(currentPassword: string, newPassword: string): Promise<Reply> {
    noteSecret(newPassword);
    return this.keep(await this.as('POST', '/auth/password', { currentPassword, newPassword }));
  }

  /** A request with this client's credential. */
  async as(method: string, path: string, body?: object): Promise<Reply> {
    return this.send(method, path, { body, headers: this.credential() });
  }

  credential(): Record<string, string> {
    if (this.transport === 'bearer')
      return this.held.accessToken ? { authorization: `Bearer ${this.held.accessToken}` } : {};
    const cookies = Object.entries(this.held.cookies).map(([name, value]) => `${name}=${value}`);
    return cookies.length > 0 ? { cookie: cookies.join('; ') } : {};
  }

  async send(
    method: string,
    path: string,
    { body, headers }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...this.headers, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {};
    if (response.status >= 400) expectProblem(response, json);
    return { status: response.status, headers: response.headers, body: json, code: json.code };
  }

  /** Takes what an answer hands out, as a browser or an app would. */
  private keep(reply: Reply): Reply {
    const { accessToken, refreshToken } = reply.body as { accessToken?: string; refreshToken?: string };
    if (accessToken) this.held = { ...this.held, accessToken, refreshToken };
    for (const line of reply.headers.getSetCookie()) {
      const [name, value] = line.split(';', 1)[0]!.split('=') as [string, string];
      if (value === '') delete this.held.cookies[name];
      else this.held.cookies[name] = value;
    }
    for (const secret of [accessToken, refreshToken, ...Object.values(this.held.cookies)])
      if (secret) noteSecret(secret);
    return reply;
  }
}

/** Asks at once, the guard first: a request that reads the store could teach the guard what it did not know. */
async function standings(client: Client): Promise<{ guard: string; store: string }> {
  const guard = await client.standing();
  const { status, code } = await client.me();
  return { guard, store: status === 200 ? 'let in' : code! };
}

/** The client is refused with this code, by the guard alone and where the session is read. */
export async function expectOut(client: Client, code: string): Promise<void> {
  expect(await standings(client)).toEqual({ guard: code, store: code });
}

/** Asks the guard until it refuses the client with this code: for what another instance has ended. Says how long it took (ms). */
export async function untilOut(client: Client, code: string, withinMs?: number): Promise<number> {
  return eventually(async () => (await client.standing()) === code, withinMs);
}

/** The client is let in, by the guard alone and where the session is read. */
export async function expectIn(client: Client): Promise<void> {
  expect(await standings(client)).toEqual({ guard: 'let in', store: 'let in' });
}

/** Every refusal of every test is looked at here: problem+json, a known code, and the challenge and delay that go with it. */
function expectProblem(response: Response, body: Record<string, unknown>): void {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(body).toMatchObject({
    status: response.status,
    type: expect.any(String),
    title: expect.any(String),
    detail: expect.any(String),
    requestId: expect.any(String),
  });
  expect(CODES).toContain(body.code);
  if (response.status === 401) {
    const challenge = body.code === 'credentials_missing' ? 'Bearer' : 'Bearer error="invalid_token"';
    expect(response.headers.get('www-authenticate')).toBe(challenge);
  }
  if (response.status === 503 || response.status === 429) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
}

/** As the contract lists them, and not as the code does. */
const CODES =
  'credentials_missing token_invalid token_expired token_superseded token_reused session_expired session_revoked login_failed email_taken current_password_wrong session_limit_reached session_not_fresh forbidden csrf_rejected rate_limited validation_failed invalid_request password_too_weak not_found method_not_allowed payload_too_large unsupported_media_type service_unavailable internal_error'.split(
    ' ',
  );

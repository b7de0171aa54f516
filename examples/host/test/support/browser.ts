import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

const PASSWORD = 'a marker that engines weave';

/** A browser of one user: it keeps cookies, and sends each to its path alone. */
export class Browser {
  readonly email = `user-${randomUUID()}@example.com`;
  private readonly jar = new Map<string, { value: string; path: string }>();

  constructor(readonly url: string) {}

  /** The paths that the cookies are for. */
  get cookiePaths(): Record<string, string> {
    return Object.fromEntries([...this.jar].map(([name, { path }]) => [name, path]));
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof FormData);
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        origin: this.url,
        cookie: this.cookiesFor(path),
        ...(isJson && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: isJson ? JSON.stringify(body) : (body as string | FormData | undefined),
      redirect: 'manual',
    });
    this.keep(answer.headers.getSetCookie());
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  async register(): Promise<Answer> {
    return this.send('POST', '/api/auth/register', { email: this.email, password: PASSWORD });
  }

  async login(password = PASSWORD): Promise<Answer> {
    return this.send('POST', '/api/auth/login', { email: this.email, password });
  }

  async join(): Promise<this> {
    assert.equal((await this.register()).status, 201);
    assert.equal((await this.login()).status, 200);
    return this;
  }

  private cookiesFor(path: string): string {
    return [...this.jar]
      .filter(([, cookie]) => cookie.path === '/' || path === cookie.path || path.startsWith(`${cookie.path}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  private keep(cookies: readonly string[]): void {
    for (const cookie of cookies) {
      const [pair = '', ...attributes] = cookie.split('; ');
      const [name = '', value = ''] = pair.split('=');
      const path = attributes.find((attribute) => attribute.startsWith('Path='))?.slice('Path='.length) ?? '/';
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, { value, path });
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

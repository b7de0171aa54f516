import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../src/config/config.js';
import { PROBLEMS, type ProblemCode } from '../../src/core/problem.js';
import { describeApi } from '../../src/describe-api.js';
import { loadConfig } from '../../src/load-config.js';
import { startApp, type TestApp } from '../support/test-app.js';
import { type Document, type Media, SchemaCheck } from './schema.js';

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Document;
const check = new SchemaCheck(document.components.schemas);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
);
/** Their standards say how they answer errors (RFC 6749, section 5.2). */
const isOauth = (path: string): boolean => path.startsWith('/oauth/');

const described = async (settings: Environment): Promise<unknown> =>
  JSON.parse(JSON.stringify(await describeApi(loadConfig(settings, '.data', {}))));

describe('docs/openapi.json', () => {
  it('says what the code says (npm run openapi writes it anew)', async () => {
    expect(await described({})).toEqual(document);
  });

  it('depends on no setting', async () => {
    const settings = {
      AUTH_MODE: 'jwt',
      AUTH_ACCEPT: 'session,jwt',
      SESSION_STORE: 'memory',
      PASSWORD_MIN_LENGTH: '20',
    };
    expect(await described({ ...settings, COOKIE_SECURE: 'true' })).toEqual(document);
    expect(document.servers).toEqual([]);
  });

  it('gives every route a summary, a tag that is explained and a name of its own', () => {
    const tags = document.tags.map(({ name }) => name);
    for (const { operation } of operations) {
      expect(operation.summary).toMatch(/^\S/);
      expect(tags).toEqual(expect.arrayContaining(operation.tags));
    }
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(document.tags.filter(({ description }) => !description)).toEqual([]);
  });

  it('names every parameter of a path, and says where to find one', () => {
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.filter(({ description }) => !description)).toEqual([]);
    }
  });

  it('asks only for credentials that it explains', () => {
    const used = operations.flatMap(({ operation }) => operation.security ?? []).flatMap((way) => Object.keys(way));
    expect([...new Set(used)].sort()).toEqual(Object.keys(document.components.securitySchemes).sort());
  });

  describe.each(operations)('$name', ({ path, operation }) => {
    it('has examples of its body that fit', () => {
      const bodies = Object.values(operation.requestBody?.content ?? {});
      expect(bodies.flatMap(mistakesOfExamples)).toEqual([]);
    });

    it('has a description of every answer, and examples that fit', () => {
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        expect({ status, description }).toEqual({ status, description: expect.stringMatching(/\S/) });
        expect({ status, hasBody: Boolean(content) }).toEqual({
          status,
          hasBody: status !== '204' && !isEmpty(path, status),
        });
        expect(jsonOf(content).flatMap(mistakesOfExamples)).toEqual([]);
      }
    });

    it('shows of every refusal the code, under the status that the code has', () => {
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        expect(Object.keys(content)).toEqual([isOauth(path) ? 'application/json' : 'application/problem+json']);
        for (const media of Object.values(content)) {
          for (const shown of check.examples(media)) {
            if (isOauth(path)) expect(shown).toMatchObject({ error: expect.any(String) });
            else expect(shown).toMatchObject({ status: Number(status), type: typeOf(codeOf(shown)) });
            if (!isOauth(path)) expect(PROBLEMS[codeOf(shown)].status).toBe(Number(status));
          }
        }
      }
    });
  });
});

describe.each(['session', 'jwt'] as const)('the examples, as they stand, in %s mode', (mode) => {
  const called = new Set<string>();
  const cookies = new Map<string, string>();
  let app: TestApp;
  let authorization: string | undefined;

  beforeAll(async () => {
    const clientsFile = join(process.env.TEST_FOLDER!, `docs-clients-${mode}.json`);
    const secretDigest = createHash('sha256').update('a secret of the orders service').digest('base64url');
    writeFileSync(clientsFile, JSON.stringify([{ id: 'orders', name: 'Orders', secretDigest }]), { mode: 0o600 });
    app = await startApp({ AUTH_MODE: mode, OAUTH_CLIENTS_FILE: clientsFile });
  });
  afterAll(() => app.close());

  /** Sends an example, and answers what came once that is found to be as documented. */
  async function call(name: string, expected: number, { id = '', example = 0 } = {}): Promise<Record<string, never>> {
    const { operation, path } = operations.find((one) => one.name === name)!;
    const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
    const body = media && (check.examples(media)[example] as Record<string, string>);
    const response = await fetch(app.url + path.replace('{id}', id), {
      method: name.split(' ', 1)[0]!,
      headers: {
        accept: 'application/json',
        cookie: [...cookies].map(([cookie, value]) => `${cookie}=${value}`).join('; '),
        ...(type && { 'content-type': type }),
        ...(authorization && { authorization }),
      },
      body: type === 'application/json' ? JSON.stringify(body) : body ? new URLSearchParams(body) : undefined,
    });
    for (const cookie of response.headers.getSetCookie()) keep(cookie);
    const text = await response.text();
    expect({ name, status: response.status, text }).toEqual({ name, status: expected, text: expect.any(String) });
    called.add(name);
    const documented =
      operation.responses[expected]!.content?.[response.headers.get('content-type')?.split(';')[0] ?? ''];
    if (text === '') return {};
    const answer = JSON.parse(text) as Record<string, never>;
    expect(documented ? check.mistakes(answer, documented.schema) : ['not documented']).toEqual([]);
    return answer;
  }

  function keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    if (value === '') cookies.delete(name!);
    else cookies.set(name!, value!);
  }

  it('register, log in by cookie and go on to every route, each answering as documented', async () => {
    const user = await call('POST /auth/register', 201);
    await call('POST /auth/register', 409);
    await call('GET /auth/me', 401);
    await call('POST /auth/login', 200);
    expect(await call('GET /auth/me', 200)).toMatchObject({ user });
    await call('POST /auth/refresh', 200);
    await call('GET /auth/config', 200);
    await call('GET /auth/sessions', 200);
    await call('GET /users', 200);
    await call('GET /users/{id}', 200, user);
    await call('GET /users/{id}', 404, { id: 'nobody' });
    await call('PATCH /users/me', 200);
    await call('DELETE /auth/sessions', 200);
    await call('POST /auth/logout', 204);
    await call('GET /auth/me', 401);
    expect(cookies.size).toBe(0);
  });

  it('log in with the bearer transport and go on by the header', async () => {
    const { accessToken } = await call('POST /auth/login', 200, { example: 1 });
    authorization = `Bearer ${accessToken}`;
    const { session } = (await call('GET /auth/me', 200)) as unknown as { session: { id: string } };
    await call('DELETE /auth/sessions/{id}', 204, session);
    await call('GET /auth/me', 401);
    authorization = undefined;
    await call('POST /auth/login', 200);
    await call('POST /auth/password', 200);
    await call('POST /auth/login', 401);
    expect([...cookies.keys()]).toEqual(mode === 'session' ? ['sid'] : ['at', 'rt']);
  });

  it('serve the other services, and the orchestrator', async () => {
    await call('POST /oauth/introspect', 401);
    authorization = `Basic ${Buffer.from('orders:a+secret+of+the+orders+service').toString('base64')}`;
    await call('POST /oauth/introspect', 200);
    await call('POST /oauth/revoke', 200);
    await call('GET /oauth/revocations', 200);
    authorization = undefined;
    await call('GET /.well-known/jwks.json', 200);
    await call('GET /.well-known/oauth-authorization-server', 200);
    await call('GET /health/live', 200);
    await call('GET /health/ready', 200);
  });

  it('leave no route out', () => {
    expect(operations.map(({ name }) => name).filter((name) => !called.has(name))).toEqual([]);
  });

  it('are in the description that the application itself serves', async () => {
    expect(await (await fetch(`${app.url}/docs/openapi.json`)).json()).toEqual(document);
  });
});

function mistakesOfExamples(media: Media): string[] {
  return check.examples(media).flatMap((shown) => check.mistakes(shown, media.schema));
}

function jsonOf(content: Record<string, Media> = {}): Media[] {
  return Object.entries(content).flatMap(([type, media]) => (type.endsWith('json') ? [media] : []));
}

/** RFC 7009, section 2.2: the status says it all. */
function isEmpty(path: string, status: string): boolean {
  return path === '/oauth/revoke' && status === '200';
}

function codeOf(shown: unknown): ProblemCode {
  return (shown as { code: ProblemCode }).code;
}

/** That of a standard where there is one. */
function typeOf(code: ProblemCode): string {
  if (code === 'rate_limited') return 'https://iana.org/assignments/http-problem-types#quota-exceeded';
  return `urn:sallyport:problem:${code}`;
}

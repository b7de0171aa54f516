import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type NextFunction, type Request as ExpressRequest, type Response as ExpressResponse } from 'express';
import { createVerifier, Refusal, type Verifier } from '../src/plain.js';
import { CLIENT, FakeBackend, ISSUED_FOR } from './support/fake-backend.js';
import { until } from './support/second-service.js';
import { ToldLog } from './support/told-log.js';

let backend: FakeBackend;
let verifier: Verifier;
const log = new ToldLog();

beforeAll(async () => {
  backend = await FakeBackend.start();
  verifier = createVerifier({ issuer: backend.issuer, audience: ISSUED_FOR, cookies: true, log, ...CLIENT });
  await until(() => verifier.feed.healthy());
});
afterAll(async () => {
  await verifier.close();
  await backend.close();
});

/** The three kinds of service, each with one route that answers with the user's id. */
const SERVICES: Record<string, () => Promise<(headers: Record<string, string>) => Promise<Response>>> = {
  'node:http': () =>
    serve(async (request, response) => {
      try {
        response.end((await verifier.verify(request)).userId);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        response.writeHead(error.status, error.headers).end(JSON.stringify(error.problem()));
      }
    }),
  Express: () => {
    const app = express();
    app.post('/', (request, response, next) => {
      verifier.verify(request).then(({ userId }) => response.send(userId), next);
    });
    app.use((error: unknown, _: ExpressRequest, response: ExpressResponse, next: NextFunction) => {
      if (!(error instanceof Refusal)) return next(error);
      response.status(error.status).set(error.headers).send(error.problem());
    });
    return serve(app);
  },
  'a handler of fetch requests': () => {
    const handle = async (request: Request): Promise<Response> => {
      try {
        return new Response((await verifier.verify(request)).userId);
      } catch (error) {
        if (error instanceof Refusal) return error.toResponse();
        throw error;
      }
    };
    return Promise.resolve((headers) =>
      handle(new Request('http://service.example/', { method: 'POST', headers: new Headers(headers) })),
    );
  },
};

const servers: Server[] = [];

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return (headers: Record<string, string>) => fetch(url, { method: 'POST', headers });
}

afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

describe.each(Object.entries(SERVICES))('in %s', (_, start) => {
  let send: (headers: Record<string, string>) => Promise<Response>;

  beforeAll(async () => {
    send = await start();
  });

  test('the verifier says who is asking, by bearer and by cookie', async () => {
    const claims = backend.claims();
    for (const headers of [
      { Authorization: `Bearer ${backend.jwt(claims)}` },
      { authorization: `bearer ${backend.opaque(claims)}` },
      { Cookie: `a=b; __Host-at=${backend.jwt(claims)}` },
      { Cookie: `__Host-sid=${backend.opaque(claims)}`, 'Sec-Fetch-Site': 'same-origin' },
    ] as Record<string, string>[])
      expect(await (await send(headers)).text()).toBe(claims.sub);
  });

  test('a refusal becomes the whole answer', async () => {
    const nothing = await send({});
    expect([nothing.status, nothing.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const bad = await send({ Authorization: 'Bearer nonsense' });
    expect([bad.status, bad.headers.get('content-type')?.split(';')[0], bad.headers.get('cache-control')]).toEqual([
      401,
      'application/problem+json',
      'no-store',
    ]);
    expect(await bad.json()).toMatchObject({ code: 'token_invalid', status: 401 });
    const forged = await send({ Cookie: `__Host-at=${backend.jwt()}`, Origin: 'https://evil.example' });
    expect(await forged.json()).toMatchObject({ code: 'csrf_rejected', status: 403 });
  });
});

test('the host of a fetch request is that of its address', async () => {
  const headers = { Cookie: `__Host-at=${backend.jwt()}`, Origin: 'https://service.example' };
  const request = new Request('https://service.example/', { method: 'POST', headers });
  await expect(verifier.verify(request)).resolves.toHaveProperty('userId');
  await expect(verifier.verify({ method: 'POST', headers: request.headers })).rejects.toThrow('another site');
});

test('an upgrade to a socket, by cookie, must come from here though it is a GET', async () => {
  const claims = backend.claims();
  const headers = { cookie: `__Host-at=${backend.jwt(claims)}`, upgrade: 'websocket', host: 'service.example' };
  const upgrade = (origin: string) => verifier.verify({ method: 'GET', headers: { ...headers, origin } });
  await expect(upgrade('https://evil.example')).rejects.toHaveProperty('code', 'csrf_rejected');
  expect((await upgrade('https://service.example')).userId).toBe(claims.sub);
});

test('a session that has ended is refused by the feed', async () => {
  const claims = backend.claims();
  const token = backend.jwt(claims);
  await verifier.verifyToken(token);
  backend.feed.end(claims.sid);
  await until(() =>
    verifier.verifyToken(token).then(
      () => false,
      (error: unknown) => (error as Refusal).code === 'session_revoked',
    ),
  );
});

test('what an operator should know is told to the log of the options', () => {
  expect(log.told).toContain('Following the feed of ended sessions.');
});

test('the entry loads nothing of Nest, nor anything else that is not its own', () => {
  // A folder without node_modules: what is imported and not there ends the program.
  const folder = mkdtempSync(join(process.env.TEST_FOLDER!, 'plain-'));
  cpSync(join(import.meta.dirname, '..', 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(import.meta.dirname, '..', 'package.json'), join(folder, 'package.json'));
  const run = (entry: string) =>
    execFileSync(
      process.execPath,
      ['--input-type=module', '-e', `console.log(Object.keys(await import('${entry}')))`],
      {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      },
    );
  expect(run('@sallyport/verify/plain')).toContain('createVerifier');
  expect(() => run('@sallyport/verify')).toThrow('@nestjs/common');
});

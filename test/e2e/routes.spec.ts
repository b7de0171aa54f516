import { request } from 'node:http';
import { openApiOf } from '../../src/edge/openapi.js';
import { inEveryColumn } from '../support/columns.js';

/** What anyone may call: as the contract lists it, and not as the code does. */
const PUBLIC = new Set([
  'POST /auth/register',
  'POST /auth/login',
  'POST /auth/refresh',
  'POST /auth/logout',
  'GET /auth/config',
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-authorization-server',
  'GET /health/live',
  'GET /health/ready',
  // With authentication of the client instead of a user's.
  'POST /oauth/introspect',
  'POST /oauth/revoke',
  'GET /oauth/revocations',
]);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
const spellings = (path: string): string[] => [
  path,
  `${path}/`,
  `/${path}`,
  path.toUpperCase(),
  path.replace('/', '/./'),
  path.replace(/\/([a-z])/, '/%2e/$1'),
  path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  `${path};x`,
  `${path}%00`,
  `${path}?x=1`,
];

/** Sends the path as it stands: no client library tidies it up. */
async function status(url: string, method: string, path: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    call.on('error', reject);
    call.end();
  });
}

inEveryColumn({ DOCS: 'off' }, (column) => {
  column.scenario(
    'opens no route, by no method and no spelling, to someone without a credential (R12.1)',
    async () => {
      const routes = Object.keys(openApiOf(column.app.nest).paths);
      expect(routes.length).toBeGreaterThan(14);
      const paths = routes.map((path) => path.replace('{id}', '01a1fc86-d8a1-75b3-9b46-1282e39c6d54'));
      const open: string[] = [];
      for (const path of paths) {
        for (const method of METHODS) {
          if (PUBLIC.has(`${method === 'HEAD' ? 'GET' : method} ${path}`)) continue;
          for (const spelling of spellings(path)) {
            const answered = await status(column.app.url, method, spelling);
            // A public route keeps its nature in another spelling; nothing else answers anything but a refusal.
            if ([400, 401, 404, 405].includes(answered)) continue;
            open.push(`${answered} ${method} ${spelling}`);
          }
        }
      }
      expect(open).toEqual([]);
    },
    { timeout: 60_000 },
  );

  column.scenario('knows a path in its own spelling alone, so that every rule about a path holds (R12.1)', async () => {
    for (const [method, path] of [
      ['POST', '/OAUTH/introspect'],
      ['POST', '/oauth/Introspect'],
      ['GET', '/Health/live'],
      ['POST', '/auth/Login'],
    ] as const) {
      const reply = await column.client().send(method, path, { headers: { 'content-type': 'application/json' } });
      expect([path, reply.status, reply.code]).toEqual([path, 404, 'not_found']);
    }
  });

  column.scenario('sends its security headers with every answer, errors included (R6.8)', async () => {
    for (const path of ['/auth/config', '/auth/me', '/nowhere', '/health/live']) {
      const { headers } = await column.client().send('GET', path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json; charset=utf-8$/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    }
    for (const path of ['/.well-known/jwks.json', '/.well-known/oauth-authorization-server']) {
      const good = await column.client().send('GET', path);
      expect([good.status, good.headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
      const refused = await column.client().send('GET', `${path}?x=1`);
      expect([refused.status, refused.headers.get('cache-control')]).toEqual([422, 'no-store']);
    }
  });
});

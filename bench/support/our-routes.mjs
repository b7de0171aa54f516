import { member, startApp } from './app.mjs';

/** One running product and the routes of it that are compared. */
export async function ourSubject(services, name, settings, { guardAlone = false } = {}) {
  // As long as an access token may live: the run has to end before.
  const app = await startApp(services, { ACCESS_TOKEN_SECONDS: '900', ...settings });
  const client = await member(app);
  const { port } = app;
  const { headers } = client;
  const open = { name: 'GET /health/live', port, path: '/health/live' };
  const user = { name: 'GET /users/{id}', of: open.name, port, path: `/users/${client.userId}`, headers };
  const me = { name: 'GET /auth/me', of: open.name, port, path: '/auth/me', headers };
  const missing = { name: 'open 404', port, path: '/nowhere', status: 404 };
  // No id at all: the handler asks nobody, so nothing but the guard lies between this and the route before.
  const closed = { name: 'guarded 404', of: missing.name, port, path: '/users/nobody', headers, status: 404 };
  return { name, pid: app.pid, routes: [open, user, me, ...(guardAlone ? [missing, closed] : [])] };
}

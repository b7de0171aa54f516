import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthGuard, principalIn, Public } from '../../src/sallyport.js';
import { Client } from '../support/client.js';
import { type Application, applicationOf } from './application.js';

class Gateway {
  closed(): void {}

  @Public()
  open(): void {}
}

/** A message of a socket that a request with these headers has opened, as Nest hands it to a guard. */
function messageOf(request: object, handler: keyof Gateway): ExecutionContextHost {
  const context = new ExecutionContextHost([{ request }, {}], Gateway, Gateway.prototype[handler]);
  context.setType('ws');
  return context;
}

describe.each(['session', 'jwt'] as const)('a socket in %s mode', (authMode) => {
  let app: Application;
  let guard: AuthGuard;
  beforeAll(async () => {
    app = await applicationOf({ options: { authMode } });
    guard = app.nest.get(AuthGuard);
  });
  afterAll(() => app.nest.close());

  const opened = (client: Client, more = {}): object => ({
    method: 'GET',
    headers: { host: 'here', ...client.credential(), ...more },
    rawHeaders: [],
  });

  it('is asked at each message whether its session still lives', async () => {
    const ada = await new Client(app.url).join();
    const socket = opened(ada);
    expect(await guard.canActivate(messageOf(socket, 'closed'))).toBe(true);
    expect(principalIn(messageOf(socket, 'closed'))).toMatchObject({ roles: ['user'] });
    await ada.logout();
    await expect(guard.canActivate(messageOf(socket, 'closed'))).rejects.toMatchObject({ code: 'session_revoked' });
    expect(await guard.canActivate(messageOf(socket, 'open'))).toBe(true);
    expect(principalIn(messageOf(socket, 'open'))).toBeUndefined();
  });

  it('that another site’s page has opened is not believed by its cookie, whatever method it was opened by', async () => {
    const ada = await new Client(app.url, 'cookie').join();
    const forged = opened(ada, { origin: 'https://evil.example' });
    await expect(guard.canActivate(messageOf(forged, 'closed'))).rejects.toMatchObject({ code: 'csrf_rejected' });
    expect(await guard.canActivate(messageOf(forged, 'open'))).toBe(true);
    expect(principalIn(messageOf(forged, 'open'))).toBeUndefined();
    expect(await guard.canActivate(messageOf(opened(ada, { origin: 'http://here' }), 'closed'))).toBe(true);
  });
});

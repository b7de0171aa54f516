import { type AuditEvent, AuditTrail, SallyportEvents } from '../../src/sallyport.js';
import { Client } from '../support/client.js';
import { applicationOf } from './application.js';

class OwnTrail extends AuditTrail {
  readonly told: AuditEvent[] = [];

  tell(event: AuditEvent): void {
    this.told.push(event);
  }

  async list(): Promise<[]> {
    return [];
  }

  async keepMonths(): Promise<void> {}
  async close(): Promise<void> {}
}

it('an audit trail of the application’s own hears of everything, and so do its listeners', async () => {
  const audit = new OwnTrail();
  const app = await applicationOf({ options: { stores: { audit } } });
  const heard: string[] = [];
  app.nest.get(SallyportEvents).forward({ emit: (name) => heard.push(name) });
  const ada = await new Client(app.url).join();
  await ada.logout();
  expect(audit.told).toEqual(['user_created', 'authn_login_success', 'authn_token_revoked']);
  expect(heard).toEqual(['sallyport.userRegistered', 'sallyport.sessionOpened', 'sallyport.sessionEnded']);
  await app.nest.close();
});

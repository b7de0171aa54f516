import type { Origin } from '../core/origin.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { User, UserStatus, UserWithPassword } from '../users/user.js';
import { type Change, type ChangedPage, type NewUser, UserStore } from '../users/user.store.js';

/** A user store that cannot write the audit trail in its acts: what they did is told directly after. */
export class ToldUsers extends UserStore {
  constructor(
    private readonly users: UserStore,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async create(given: NewUser, origin: Origin): Promise<User | null> {
    const user = await this.users.create(given, origin);
    if (user) this.audit.tell('user_created', { userId: user.id }, origin);
    return user;
  }

  find(id: string): Promise<User | null> {
    return this.users.find(id);
  }

  findByEmail(email: string): Promise<UserWithPassword | null> {
    return this.users.findByEmail(email);
  }

  findWithPassword(id: string): Promise<UserWithPassword | null> {
    return this.users.findWithPassword(id);
  }

  page(after: string | null, limit: number): Promise<User[]> {
    return this.users.page(after, limit);
  }

  rename(id: string, name: string): Promise<User | null> {
    return this.users.rename(id, name);
  }

  rehash(id: string, oldHash: string, newHash: string): Promise<void> {
    return this.users.rehash(id, oldHash, newHash);
  }

  async changePassword(id: string, authEpoch: number, newHash: string, origin: Origin): Promise<User | null> {
    const user = await this.users.changePassword(id, authEpoch, newHash, origin);
    if (user) this.audit.tell('authn_password_change', { userId: id }, origin);
    return user;
  }

  async grantRole(email: string, role: string, origin: Origin): Promise<Change | null> {
    return this.changed(await this.users.grantRole(email, role, origin), `role_granted ${role}`, origin);
  }

  async takeRole(email: string, role: string, origin: Origin): Promise<Change | null> {
    return this.changed(await this.users.takeRole(email, role, origin), `role_taken ${role}`, origin);
  }

  async setStatus(email: string, status: UserStatus, origin: Origin): Promise<Change | null> {
    return this.changed(await this.users.setStatus(email, status, origin), `user_${status}`, origin);
  }

  changedSince(since: Date, limit: number): Promise<ChangedPage> {
    return this.users.changedSince(since, limit);
  }

  ping(): Promise<void> {
    return this.users.ping();
  }

  private changed(change: Change | null, reason: string, origin: Origin): Change | null {
    if (change?.moved) this.audit.tell('authz_change', { userId: change.user.id, reason }, origin);
    return change;
  }
}

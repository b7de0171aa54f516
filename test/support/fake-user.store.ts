import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/core/clock.js';
import type { Origin } from '../../src/core/origin.js';
import type { User, UserStatus, UserWithPassword } from '../../src/users/user.js';
import { type Change, type ChangedPage, type NewUser, UserStore } from '../../src/users/user.store.js';
import { MovedClock } from './moved-clock.js';

interface Row {
  user: UserWithPassword;
  changedAt: Date | null;
}

/** Users in memory, for tests of session stores that are not Postgres. Reads take a turn, so that races can happen. */
export class FakeUserStore extends UserStore {
  private readonly rows = new Map<string, Row>();

  constructor(private readonly clock: Clock = new MovedClock()) {
    super();
  }

  async create({ id, email, name, passwordHash }: NewUser, _origin: Origin): Promise<User | null> {
    if (this.byEmail(email)) return null;
    const user = {
      id,
      email,
      name,
      passwordHash,
      roles: ['user'],
      status: 'active',
      authEpoch: 0,
      createdAt: this.now(),
    } as const;
    this.rows.set(id, { user, changedAt: null });
    return withoutPassword(user);
  }

  async find(id: string): Promise<User | null> {
    await nextTurn();
    const found = this.rows.get(id);
    const user = found ? withoutPassword(found.user) : null;
    await nextTurn();
    return user;
  }

  async findByEmail(email: string): Promise<UserWithPassword | null> {
    return this.byEmail(email)?.user ?? null;
  }

  async findWithPassword(id: string): Promise<UserWithPassword | null> {
    return this.rows.get(id)?.user ?? null;
  }

  async page(after: string | null, limit: number): Promise<User[]> {
    const users = [...this.rows.values()]
      .map((row) => withoutPassword(row.user))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return users.filter((user) => after === null || user.id > after).slice(0, limit);
  }

  async rename(id: string, name: string): Promise<User | null> {
    return this.change(this.rows.get(id), { name }, false);
  }

  async rehash(id: string, oldHash: string, newHash: string): Promise<void> {
    const row = this.rows.get(id);
    if (row?.user.passwordHash === oldHash) this.change(row, { passwordHash: newHash }, false);
  }

  async changePassword(id: string, authEpoch: number, passwordHash: string): Promise<User | null> {
    await nextTurn();
    const row = this.rows.get(id);
    return row?.user.authEpoch === authEpoch ? this.change(row, { passwordHash }, true) : null;
  }

  async grantRole(email: string, role: string): Promise<Change | null> {
    return this.changeUnless(email, ({ roles }) => (roles.includes(role) ? null : { roles: [...roles, role] }));
  }

  async takeRole(email: string, role: string): Promise<Change | null> {
    return this.changeUnless(email, ({ roles }) =>
      roles.includes(role) ? { roles: roles.filter((held) => held !== role) } : null,
    );
  }

  async setStatus(email: string, status: UserStatus): Promise<Change | null> {
    return this.changeUnless(email, (user) => (user.status === status ? null : { status }));
  }

  async changedSince(since: Date, limit: number): Promise<ChangedPage> {
    const changed = [...this.rows.values()]
      .flatMap(({ user, changedAt }) => (changedAt ? [{ userId: user.id, authEpoch: user.authEpoch, changedAt }] : []))
      .filter(({ changedAt }) => changedAt >= since)
      .sort((a, b) => a.changedAt.getTime() - b.changedAt.getTime());
    return { changed: changed.slice(0, limit), asOf: this.now() };
  }

  async ping(): Promise<void> {}

  private now(): Date {
    return new Date(this.clock.now().wall);
  }

  private byEmail(email: string): Row | undefined {
    return [...this.rows.values()].find((row) => row.user.email === email);
  }

  private changeUnless(email: string, decide: (user: User) => Partial<UserWithPassword> | null): Change | null {
    const row = this.byEmail(email);
    if (!row) return null;
    const changes = decide(row.user);
    return { user: this.change(row, changes ?? {}, changes !== null)!, moved: changes !== null };
  }

  private change(row: Row | undefined, changes: Partial<UserWithPassword>, movesEpoch: boolean): User | null {
    if (!row) return null;
    row.user = { ...row.user, ...changes, authEpoch: row.user.authEpoch + (movesEpoch ? 1 : 0) };
    if (movesEpoch) row.changedAt = this.now();
    return withoutPassword(row.user);
  }
}

function withoutPassword({ id, email, name, roles, status, authEpoch, createdAt }: UserWithPassword): User {
  return { id, email, name, roles, status, authEpoch, createdAt };
}

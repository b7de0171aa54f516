import type { Clock } from '../../core/clock.js';
import type { User, UserStatus, UserWithPassword } from '../../users/user.js';
import { type Change, type ChangedPage, type NewUser, UserStore } from '../../users/user.store.js';

interface Row {
  user: UserWithPassword;
  changedAt: Date | null;
}

/** Users in the memory of one process: for tests and demonstrations. No method waits for anything, so each is one whole act. */
export class MemoryUserStore extends UserStore {
  private readonly rows = new Map<string, Row>();
  private readonly byEmail = new Map<string, Row>();

  constructor(private readonly clock: Clock) {
    super();
  }

  async create(given: NewUser): Promise<User | null> {
    if (this.byEmail.has(given.email)) return null;
    const { id, email, name, passwordHash } = given;
    const rest = { roles: ['user'], status: 'active', authEpoch: 0, createdAt: this.now() } as const;
    const row: Row = { user: { id, email, name, passwordHash, ...rest }, changedAt: null };
    this.rows.set(id, row);
    this.byEmail.set(email, row);
    return withoutPassword(row.user);
  }

  async find(id: string): Promise<User | null> {
    const row = this.rows.get(id);
    return row ? withoutPassword(row.user) : null;
  }

  async findByEmail(email: string): Promise<UserWithPassword | null> {
    return this.byEmail.get(email)?.user ?? null;
  }

  async findWithPassword(id: string): Promise<UserWithPassword | null> {
    return this.rows.get(id)?.user ?? null;
  }

  async page(after: string | null, limit: number): Promise<User[]> {
    const ids = [...this.rows.keys()].filter((id) => after === null || id > after).sort();
    return ids.slice(0, limit).map((id) => withoutPassword(this.rows.get(id)!.user));
  }

  async rename(id: string, name: string): Promise<User | null> {
    return this.change(this.rows.get(id), { name }, false);
  }

  async rehash(id: string, oldHash: string, newHash: string): Promise<void> {
    const row = this.rows.get(id);
    if (row?.user.passwordHash === oldHash) this.change(row, { passwordHash: newHash }, false);
  }

  async changePassword(id: string, authEpoch: number, passwordHash: string): Promise<User | null> {
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

  private changeUnless(email: string, decide: (user: User) => Partial<UserWithPassword> | null): Change | null {
    const row = this.byEmail.get(email);
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

function withoutPassword(whole: UserWithPassword): User {
  const { passwordHash: _, ...user } = whole;
  return user;
}

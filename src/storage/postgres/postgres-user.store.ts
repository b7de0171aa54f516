import type { User, UserStatus, UserWithPassword } from '../../users/user.js';
import { type NewUser, type UserChanges, UserStore } from '../../users/user.store.js';
import type { Statements } from './statements.js';

interface UserRow {
  id: string;
  email: string;
  name: string | null;
  roles: string[];
  status: UserStatus;
  auth_epoch: number;
  created_at: Date;
}

const COLUMNS = 'id, email, name, roles, status, auth_epoch, created_at';
const MOVE_EPOCH = 'SELECT sallyport_move_epoch($1, $2, $3, $4, $5) AS moved';

export class PostgresUserStore extends UserStore {
  constructor(private readonly statements: Statements) {
    super();
  }

  async create(user: NewUser): Promise<User | null> {
    return this.one(
      'user_create',
      `INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4)
       ON CONFLICT (email) DO NOTHING RETURNING ${COLUMNS}`,
      [user.id, user.email, user.name, user.passwordHash],
    );
  }

  async find(id: string): Promise<User | null> {
    return this.one('user_find', `SELECT ${COLUMNS} FROM users WHERE id = $1`, [id]);
  }

  async findByEmail(email: string): Promise<UserWithPassword | null> {
    return this.oneWithPassword('user_by_email', `SELECT ${COLUMNS}, password_hash FROM users WHERE email = $1`, email);
  }

  async findWithPassword(id: string): Promise<UserWithPassword | null> {
    return this.oneWithPassword('user_with_password', `SELECT ${COLUMNS}, password_hash FROM users WHERE id = $1`, id);
  }

  async page(after: string | null, limit: number): Promise<User[]> {
    const rows = await this.statements.run<UserRow>(
      'user_page',
      `SELECT ${COLUMNS} FROM users WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
      [after, limit],
    );
    return rows.map(toUser);
  }

  async rename(id: string, name: string): Promise<User | null> {
    return this.one('user_rename', `UPDATE users SET name = $2 WHERE id = $1 RETURNING ${COLUMNS}`, [id, name]);
  }

  async rehash(id: string, oldHash: string, newHash: string): Promise<void> {
    const text = 'UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2';
    await this.statements.run('user_rehash', text, [id, oldHash, newHash]);
  }

  async changePassword(id: string, authEpoch: number, newHash: string): Promise<User | null> {
    const moved = await this.moveEpoch(id, authEpoch, newHash, null, null);
    return moved ? this.find(id) : null;
  }

  async grantRole(email: string, role: string): Promise<User | null> {
    return this.change(email, (user) => (user.roles.includes(role) ? null : { roles: [...user.roles, role] }));
  }

  async takeRole(email: string, role: string): Promise<User | null> {
    return this.change(email, (user) =>
      user.roles.includes(role) ? { roles: user.roles.filter((had) => had !== role) } : null,
    );
  }

  async setStatus(email: string, status: UserStatus): Promise<User | null> {
    return this.change(email, (user) => (user.status === status ? null : { status }));
  }

  async changedSince(since: Date, limit: number): Promise<UserChanges> {
    const rows = await this.statements.run<{
      id: string | null;
      auth_epoch: number;
      epoch_moved_at: Date;
      as_of: Date;
    }>(
      'user_changed_since',
      `SELECT c.id, c.auth_epoch, c.epoch_moved_at, t.as_of FROM (SELECT sallyport_now() AS as_of) t
       LEFT JOIN LATERAL (
         SELECT id, auth_epoch, epoch_moved_at FROM users WHERE epoch_moved_at >= $1 ORDER BY epoch_moved_at, id LIMIT $2
       ) c ON true ORDER BY c.epoch_moved_at, c.id`,
      [since, limit],
    );
    const changed = rows.flatMap((row) =>
      row.id ? [{ userId: row.id, authEpoch: row.auth_epoch, changedAt: row.epoch_moved_at }] : [],
    );
    return { changed, asOf: rows[0]!.as_of };
  }

  async ping(): Promise<void> {
    await this.statements.run('ping', 'SELECT 1');
  }

  /** Asks again when someone else moved the epoch in between: the write itself is conditional on what was read. */
  private async change(
    email: string,
    decide: (user: User) => { roles?: string[]; status?: UserStatus } | null,
  ): Promise<User | null> {
    for (;;) {
      const user = await this.findByEmail(email);
      if (!user) return null;
      const change = decide(user);
      if (!change) return user;
      const moved = await this.moveEpoch(user.id, user.authEpoch, null, change.roles ?? null, change.status ?? null);
      if (moved) return this.find(user.id);
    }
  }

  private async moveEpoch(...values: [string, number, string | null, string[] | null, UserStatus | null]) {
    const [row] = await this.statements.run<{ moved: boolean }>('user_move_epoch', MOVE_EPOCH, values);
    return row!.moved;
  }

  private async one(name: string, text: string, values: unknown[]): Promise<User | null> {
    const [row] = await this.statements.run<UserRow>(name, text, values);
    return row ? toUser(row) : null;
  }

  private async oneWithPassword(name: string, text: string, key: string): Promise<UserWithPassword | null> {
    const [row] = await this.statements.run<UserRow & { password_hash: string }>(name, text, [key]);
    return row ? { ...toUser(row), passwordHash: row.password_hash } : null;
  }
}

function toUser(row: UserRow): User {
  const { id, email, name, roles, status, auth_epoch: authEpoch, created_at: createdAt } = row;
  return { id, email, name, roles, status, authEpoch, createdAt };
}

import { tellingOf } from '../../audit/audit-entry.js';
import type { AuditEvent } from '../../audit/audit-event.js';
import type { Origin } from '../../core/origin.js';
import type { User, UserStatus, UserWithPassword } from '../../users/user.js';
import { type Change, type ChangedPage, type NewUser, UserStore } from '../../users/user.store.js';
import type { Statement, Statements } from './statements.js';
import type { ToldStatements } from './told-statements.js';
import * as sql from './user.sql.js';

interface UserRow {
  id: string;
  email: string;
  name: string | null;
  roles: string[];
  status: UserStatus;
  auth_epoch: number;
  created_at: Date;
}

export class PostgresUserStore extends UserStore {
  constructor(
    private readonly statements: Statements,
    private readonly acts: ToldStatements,
  ) {
    super();
  }

  async create(user: NewUser, origin: Origin): Promise<User | null> {
    const telling = tellingText('user_created', origin);
    return this.act(sql.CREATE, [user.id, user.email, user.name, user.passwordHash, telling]);
  }

  async find(id: string): Promise<User | null> {
    return this.one(sql.FIND, [id]);
  }

  async findByEmail(email: string): Promise<UserWithPassword | null> {
    return this.oneWithPassword(sql.FIND_BY_EMAIL, email);
  }

  async findWithPassword(id: string): Promise<UserWithPassword | null> {
    return this.oneWithPassword(sql.FIND_WITH_PASSWORD, id);
  }

  async page(after: string | null, limit: number): Promise<User[]> {
    return (await this.statements.run<UserRow>(sql.PAGE, [after, limit])).map(toUser);
  }

  async rename(id: string, name: string): Promise<User | null> {
    return this.one(sql.RENAME, [id, name]);
  }

  async rehash(id: string, oldHash: string, newHash: string): Promise<void> {
    await this.statements.run(sql.REHASH, [id, oldHash, newHash]);
  }

  async changePassword(id: string, authEpoch: number, newHash: string, origin: Origin): Promise<User | null> {
    const telling = tellingText('authn_password_change', origin);
    return this.act(sql.CHANGE_PASSWORD, [id, authEpoch, newHash, telling]);
  }

  async grantRole(email: string, role: string, origin: Origin): Promise<Change | null> {
    return this.change(sql.GRANT_ROLE, email, role, tellingText('authz_change', origin, `role_granted ${role}`));
  }

  async takeRole(email: string, role: string, origin: Origin): Promise<Change | null> {
    return this.change(sql.TAKE_ROLE, email, role, tellingText('authz_change', origin, `role_taken ${role}`));
  }

  async setStatus(email: string, status: UserStatus, origin: Origin): Promise<Change | null> {
    return this.change(sql.SET_STATUS, email, status, tellingText('authz_change', origin, `user_${status}`));
  }

  async changedSince(since: Date, limit: number): Promise<ChangedPage> {
    const rows = await this.statements.run<{
      id: string | null;
      auth_epoch: number;
      epoch_moved_at: Date;
      as_of: Date;
    }>(sql.CHANGED_SINCE, [since, limit]);
    const changed = rows.flatMap((row) =>
      row.id ? [{ userId: row.id, authEpoch: row.auth_epoch, changedAt: row.epoch_moved_at }] : [],
    );
    return { changed, asOf: rows[0]!.as_of };
  }

  async ping(): Promise<void> {
    await this.statements.run(sql.PROBE);
  }

  /** The statement is the whole act. Only a user whom it leaves as they are is read afterwards, to tell them from nobody. */
  private async change(act: Statement, email: string, value: string, telling: string): Promise<Change | null> {
    const changed = await this.act(act, [email, value, telling]);
    if (changed) return { user: changed, moved: true };
    const found = await this.findByEmail(email);
    if (!found) return null;
    const { passwordHash: _, ...user } = found;
    return { user, moved: false };
  }

  private async act(statement: Statement, values: unknown[]): Promise<User | null> {
    const [row] = await this.acts.run<UserRow>(statement, values);
    return row ? toUser(row) : null;
  }

  private async one(statement: Statement, values: unknown[]): Promise<User | null> {
    const [row] = await this.statements.run<UserRow>(statement, values);
    return row ? toUser(row) : null;
  }

  private async oneWithPassword(statement: Statement, key: string): Promise<UserWithPassword | null> {
    const [row] = await this.statements.run<UserRow & { password_hash: string }>(statement, [key]);
    return row ? { ...toUser(row), passwordHash: row.password_hash } : null;
  }
}

/** As JSON, for a statement that changes a user. */
function tellingText(event: AuditEvent, origin: Origin, reason?: string): string {
  return JSON.stringify(tellingOf(event, origin, reason));
}

function toUser(row: UserRow): User {
  const { id, email, name, roles, status, auth_epoch: authEpoch, created_at: createdAt } = row;
  return { id, email, name, roles, status, authEpoch, createdAt };
}

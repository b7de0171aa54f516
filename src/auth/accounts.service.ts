import { Injectable } from '@nestjs/common';
import type { Origin } from '../core/origin.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { User, UserStatus } from '../users/user.js';
import { UsersService } from '../users/users.service.js';

/**
 * Changes to a user that end whatever they had opened before. Each first changes the user, so that nothing more is opened for the
 * user as they were, and then ends the older sessions by name, so that what they carry is refused before the caller goes on. When
 * a process dies in between, the next reading of revocations ends them.
 *
 * @example
 * await accounts.grantRole('ada@example.com', 'admin', COMMAND); // null when there is no such user
 */
@Injectable()
export class AccountsService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  /** Throws `current_password_wrong`, and what a weak password throws. Null when the user was changed meanwhile. */
  async changePassword(userId: string, current: string, next: string, origin: Origin): Promise<User | null> {
    const changed = await this.users.changePassword(userId, current, next, origin);
    // When somebody else was faster, what their change has killed is over here as well, before anybody is told so.
    await this.endOlder(changed ?? (await this.users.find(userId)), origin);
    return changed;
  }

  /** Null when there is no such user. */
  async grantRole(email: string, role: string, origin: Origin): Promise<User | null> {
    return this.endOlder(await this.users.grantRole(email, role, origin), origin);
  }

  /** Null when there is no such user. */
  async takeRole(email: string, role: string, origin: Origin): Promise<User | null> {
    return this.endOlder(await this.users.takeRole(email, role, origin), origin);
  }

  /** Null when there is no such user. */
  async setStatus(email: string, status: UserStatus, origin: Origin): Promise<User | null> {
    return this.endOlder(await this.users.setStatus(email, status, origin), origin);
  }

  private async endOlder(user: User | null, origin: Origin): Promise<User | null> {
    if (user) await this.sessions.endOlder(user.id, user.authEpoch, origin);
    return user;
  }
}

import { Injectable } from '@nestjs/common';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { AppError } from '../core/app-error.js';
import type { Origin } from '../core/origin.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Bucket } from '../limits/limit.store.js';
import { Limiter, type Succeeded } from '../limits/limiter.js';
import { sourceOf } from '../limits/source.js';
import { bucketsOf, type LoginAttempt } from './login-attempt.js';
import { NewPassword } from './new-password.js';
import { PasswordHasher } from './password-hasher.js';
import type { User, UserStatus, UserWithPassword } from './user.js';
import { type Change, UserStore } from './user.store.js';

/**
 * Users as the other rooms use them. It knows no session: `AccountsService` ends those of a user whose epoch was moved here.
 *
 * @example
 * const user = await users.register('ada@example.com', 'analytical engines weave', 'Ada', request);
 */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UserStore,
    private readonly newPassword: NewPassword,
    private readonly hasher: PasswordHasher,
    private readonly limiter: Limiter,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws `email_taken`, `password_too_weak`, `validation_failed`, `rate_limited`. `email` is already normalised. */
  async register(email: string, password: string, name: string | null, origin: Origin): Promise<User> {
    return this.admitted(false, async () => {
      const accepted = this.newPassword.accept(password, '/password', email);
      const user = await this.limiter.around(
        [{ limit: 'register-source', subject: sourceOf(origin) }],
        origin,
        async () =>
          this.users.create({ id: uuidv7(), email, name, passwordHash: await this.hasher.hash(accepted) }, origin),
      );
      if (!user) throw new AppError('email_taken');
      return user;
    });
  }

  /**
   * Does what is going to hash a password, if there is time for it. Throws `service_unavailable` otherwise, before anything is
   * done: to strangers sooner than to a known device or whoever is logged in (R2.10).
   */
  async admitted<T>(isKnown: boolean, act: () => Promise<T>): Promise<T> {
    const leave = this.hasher.admit(isKnown);
    try {
      return await act();
    } finally {
      leave();
    }
  }

  /**
   * The user whose e-mail and password these are, or null. Nobody of that name, a wrong password and a disabled account
   * are told apart neither by the answer nor by the time it takes (R3.1, R3.2). Throws `rate_limited`, to all of them alike.
   */
  async authenticate(attempt: LoginAttempt, password: string): Promise<User | null> {
    const { email, device } = attempt;
    // Looked up before it is counted for a device alone that shows an earlier login.
    const shown = device && { found: await this.users.findByEmail(email) };
    const buckets = bucketsOf(attempt, shown !== null && shown.found?.authEpoch === device?.authEpoch);
    const act = async (succeeded: Succeeded): Promise<User | null> => {
      const { found } = shown ?? { found: await this.users.findByEmail(email) };
      const user = await this.verified(attempt, found, password);
      if (user) await succeeded();
      return user;
    };
    return this.limiter.around(buckets, attempt.origin, act, { identifier: attempt.email });
  }

  /** Throws `current_password_wrong`, `rate_limited`, and what a weak password throws. Null when the user was changed meanwhile. */
  async changePassword(userId: string, current: string, next: string, origin: Origin): Promise<User | null> {
    const buckets: Bucket[] = [{ limit: 'password-change', subject: userId }];
    return this.admitted(true, async () => {
      const found = await this.users.findWithPassword(userId);
      if (!found) return null;
      const isRight = async (succeeded: Succeeded): Promise<void> => {
        if (await this.hasher.verify(found.passwordHash, current)) return succeeded();
        this.audit.tell('authn_password_change_fail', { userId }, origin);
        throw new AppError('current_password_wrong');
      };
      await this.limiter.around(buckets, origin, isRight, { userId });
      const accepted = this.newPassword.accept(next, '/newPassword', found.email);
      return this.users.changePassword(userId, found.authEpoch, await this.hasher.hash(accepted), origin);
    });
  }

  /** Null when there is no such user. */
  async grantRole(email: string, role: string, origin: Origin): Promise<Change | null> {
    return this.users.grantRole(email, role, origin);
  }

  /** Null when there is no such user. */
  async takeRole(email: string, role: string, origin: Origin): Promise<Change | null> {
    return this.users.takeRole(email, role, origin);
  }

  /** Null when there is no such user. */
  async setStatus(email: string, status: UserStatus, origin: Origin): Promise<Change | null> {
    return this.users.setStatus(email, status, origin);
  }

  /** Null when there is no such user. */
  async find(id: string): Promise<User | null> {
    return isUuid(id) ? this.users.find(id) : null;
  }

  async page(after: string | null, limit: number): Promise<User[]> {
    return this.users.page(after, limit);
  }

  async rename(id: string, name: string): Promise<User | null> {
    return this.users.rename(id, name);
  }

  private async verified(
    { email, origin }: LoginAttempt,
    found: UserWithPassword | null,
    password: string,
  ): Promise<User | null> {
    const matches = await this.hasher.verify(found?.passwordHash ?? null, password);
    if (!found || !matches || found.status !== 'active') {
      this.tellFailedLogin(email, found, matches, origin);
      return null;
    }
    if (this.hasher.isOutdated(found.passwordHash)) await this.rehash(found.id, found.passwordHash, password);
    const { passwordHash: _, ...user } = found;
    return user;
  }

  /** Nobody is told which it was but whoever reads the trail. */
  private tellFailedLogin(email: string, found: User | null, matches: boolean, origin: Origin): void {
    const reason = matches ? 'user_disabled' : 'password_wrong';
    const about = found ? { userId: found.id, reason } : { identifier: email, reason: 'user_unknown' };
    this.audit.tell('authn_login_fail', about, origin);
  }

  /** Parameters moved since this hash was made. That it fails must not fail the login (R2.5). */
  private async rehash(id: string, oldHash: string, password: string): Promise<void> {
    try {
      await this.users.rehash(id, oldHash, await this.hasher.hash(password));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
}

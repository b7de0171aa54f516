import type { Origin } from '../core/origin.js';
import type { User, UserStatus, UserWithPassword } from './user.js';

export interface NewUser {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly passwordHash: string;
}

export interface ChangedUser {
  readonly userId: string;
  readonly authEpoch: number;
  readonly changedAt: Date;
}

/** A page of the users who were changed. */
export interface ChangedPage {
  readonly changed: readonly ChangedUser[];
  /** The store's clock when it was asked. */
  readonly asOf: Date;
}

/** The user as they are now; `moved` when it took a change, and their epoch with it, to get there. */
export interface Change {
  readonly user: User;
  readonly moved: boolean;
}

/**
 * Where users live. Each method is one whole act. Those that take an `Origin` are told to the audit trail: by the act itself where it
 * is a statement in the trail's database, directly after it by us otherwise.
 * Whoever moves the epoch then ends the sessions of before, by `SessionsService.endOlder`; no session is opened under an older
 * epoch any more. When the store cannot be asked, every method throws `UnavailableError`.
 *
 * @example
 * const change = await users.grantRole('ada@example.com', 'admin', COMMAND); // { user, moved: true }, null for nobody
 */
export abstract class UserStore {
  /** The new user, or null when the e-mail is taken. */
  abstract create(user: NewUser, origin: Origin): Promise<User | null>;

  /** Null when there is no such user. */
  abstract find(id: string): Promise<User | null>;

  /** Null when there is no such user. `email` is already normalised. */
  abstract findByEmail(email: string): Promise<UserWithPassword | null>;

  /** Null when there is no such user. */
  abstract findWithPassword(id: string): Promise<UserWithPassword | null>;

  /** Up to `limit` users in the order of their ids, from the one after `after`. */
  abstract page(after: string | null, limit: number): Promise<User[]>;

  /** Null when there is no such user. */
  abstract rename(id: string, name: string): Promise<User | null>;

  /** Keeps the password and writes it under newer parameters. Nothing happens if the password has changed since. */
  abstract rehash(id: string, oldHash: string, newHash: string): Promise<void>;

  /** Sets the password if the epoch is still `authEpoch`, and moves it. Null when someone was faster. */
  abstract changePassword(id: string, authEpoch: number, newHash: string, origin: Origin): Promise<User | null>;

  /** Gives a role and moves the epoch, unless the user has the role. Null when there is no such user. */
  abstract grantRole(email: string, role: string, origin: Origin): Promise<Change | null>;

  /** Takes a role and moves the epoch, if the user has the role. Null when there is no such user. */
  abstract takeRole(email: string, role: string, origin: Origin): Promise<Change | null>;

  /** Disables or enables and moves the epoch, unless it is so already. Null when there is no such user. */
  abstract setStatus(email: string, status: UserStatus, origin: Origin): Promise<Change | null>;

  /** The users whose epoch moved at or after `since`, oldest first, at most `limit`. */
  abstract changedSince(since: Date, limit: number): Promise<ChangedPage>;

  /** Resolves when the store answers. */
  abstract ping(): Promise<void>;
}

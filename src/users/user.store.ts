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

export interface UserChanges {
  readonly changed: readonly ChangedUser[];
  readonly asOf: Date;
}

/**
 * Where users live: always Postgres. Each method is one whole act. Those that move the epoch end, in the same act, every
 * session of the user that is kept in Postgres; sessions kept elsewhere are ended by `SessionStore.endOlder`.
 */
export abstract class UserStore {
  /** The new user, or null when the e-mail is taken. */
  abstract create(user: NewUser): Promise<User | null>;

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
  abstract changePassword(id: string, authEpoch: number, newHash: string): Promise<User | null>;

  /** Gives a role and moves the epoch. Null when there is no such user; unchanged when they have it already. */
  abstract grantRole(email: string, role: string): Promise<User | null>;

  /** Takes a role and moves the epoch. Null when there is no such user. */
  abstract takeRole(email: string, role: string): Promise<User | null>;

  /** Disables or enables, and moves the epoch. Null when there is no such user. */
  abstract setStatus(email: string, status: UserStatus): Promise<User | null>;

  /** The users whose epoch moved at or after `since`, oldest first, at most `limit`. */
  abstract changedSince(since: Date, limit: number): Promise<UserChanges>;

  /** Resolves when the store answers. */
  abstract ping(): Promise<void>;
}

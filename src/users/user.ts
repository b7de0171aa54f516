export type UserStatus = 'active' | 'disabled';

/** Who may log in. */
export interface User {
  readonly id: string;
  /** As normalised: NFKC, lower case. */
  readonly email: string;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly status: UserStatus;
  /** Moves when the password, the roles or the status do. A session of an older epoch is dead. */
  readonly authEpoch: number;
  readonly createdAt: Date;
}

/** A user with the password's hash (PHC string): read at login and at a password change, and nowhere else. */
export interface UserWithPassword extends User {
  readonly passwordHash: string;
}

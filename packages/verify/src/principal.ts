/** Who a request turned out to be. */
export interface Principal {
  /** The user's id, a UUID: the same in both modes and for ever. */
  readonly userId: string;
  /** The login's public id, a UUID. Not a secret. */
  readonly sessionId: string;
  /** The roles as the token, or the backend's answer, gave them: at most an access token's life old. */
  readonly roles: readonly string[];
  /** When the user proved who they are, in seconds since 1970. */
  readonly authTime: number;
}

/** Close to OpenID CAEP's `session-revoked`: ids and times (milliseconds since 1970), and nothing else. */
export type RevocationEvent =
  | { readonly type: 'session-revoked'; readonly sid: string; readonly at: number }
  /** Every session whose user proved who they are before `notBefore` is over. */
  | { readonly type: 'user-not-before'; readonly sub: string; readonly notBefore: number };

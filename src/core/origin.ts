/**
 * Where an act comes from, as far as that is known: what the audit trail tells of it. Every request is one; a command is
 * `{ actor: 'command' }`.
 */
export interface Origin {
  /** Who acts: the id of a user, `client ID` for another service, `command` for an operator. Absent: whoever holds the credential. */
  readonly actor?: string;
  readonly requestId?: string;
  /** The network address, as the HTTP engine writes it. */
  readonly ip?: string;
}

/** For what a person does at the command line of the service. */
export const COMMAND: Origin = { actor: 'command' };

/** For what the service does by itself. */
export const SERVICE: Origin = { actor: 'service' };

/** The address in its plain form, an IPv4 address without the `::ffff:` of a socket that serves both families; null when not known. */
export function addressOf({ ip }: Origin): string | null {
  return ip?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null;
}

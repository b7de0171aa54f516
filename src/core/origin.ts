import { isIP, SocketAddress } from 'node:net';

/**
 * Where an act comes from, as far as that is known: what the audit trail tells of it. Every request is one; a command is
 * `{ actor: 'command' }`.
 */
export interface Origin {
  /** Who acts: the id of a user, `client ID` for another service, `command` for an operator. Absent: whoever holds the credential. */
  readonly actor?: string;
  readonly requestId?: string;
  /** The network address, as the HTTP engine writes it: behind more proxies than are trusted it may be any text. */
  readonly ip?: string;
  /** As the client wrote it. */
  readonly userAgent?: string;
}

/** For what a person does at the command line of the service. */
export const COMMAND: Origin = { actor: 'command' };

/** For what the service does by itself. */
export const SERVICE: Origin = { actor: 'service' };

/**
 * The address in its canonical form (RFC 5952, section 4), without a zone, which means something on this host alone, and an
 * IPv4 address without the `::ffff:` of a socket that serves both families. Null for whatever is no address.
 *
 * @example
 * addressOf({ ip: '2001:DB8:0:0::1' }); // '2001:db8::1'
 */
export function addressOf({ ip = '' }: Origin): string | null {
  const kind = isIP(ip);
  if (kind === 0) return null;
  if (kind === 4) return ip;
  const { address } = new SocketAddress({ address: ip.replace(/%.*$/s, ''), family: 'ipv6' });
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}

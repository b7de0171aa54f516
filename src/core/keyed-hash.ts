import { createHmac } from 'node:crypto';

/**
 * Makes of a text what may stand for it where the text itself must not: HMAC-SHA-256 (RFC 2104) under a key that all instances
 * share. The same text has the same hash everywhere, and nobody without the key can find the text by trying.
 *
 * @example
 * const who = hash.of('identifier', 'ada@example.com').toString('base64url');
 */
export class KeyedHash {
  constructor(private readonly key: Buffer) {}

  /** 32 bytes. Two purposes have nothing in common, whatever the texts are. */
  of(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.key).update(`${purpose}\0${text}`).digest();
  }
}

import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { VerificationKey } from '../../keys/jwk.js';
import { KeySet } from '../../keys/key-set.js';
import { isVerificationError } from './jwt-errors.js';

export interface JwsHeader {
  readonly alg: string;
  readonly typ?: string;
  readonly kid: string;
}

const MAX_BYTES = 4096;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const HEADER_MEMBERS = new Set(['alg', 'typ', 'kid']);

/**
 * Signatures in compact form (RFC 7515), read strictly: one spelling per token, three header members at most, a key of
 * our own found by its `kid`, and of that key only the one algorithm it is meant for (RFC 8725, 3.1).
 */
@Injectable()
export class Jws {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: KeySet,
  ) {}

  /** Header and payload of a genuine token, and the key that signed it; null for anything else, whatever is wrong with it. */
  verify(token: string): { header: JwsHeader; payload: Buffer; key: VerificationKey } | null {
    const header = headerOf(token);
    if (!header) return null;
    const key = this.keys.find(header.kid);
    if (!key || key.alg !== header.alg) return null;
    const [, payload, signature] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
    // RFC 7518, 3.4: R and S, 32 bytes each. The library takes another length for a mistake of its caller.
    if (key.alg === 'ES256' && signature!.length !== 64) return null;
    return this.isSigned(token, key) ? { header, payload: payload!, key } : null;
  }

  private isSigned(token: string, key: VerificationKey): boolean {
    try {
      // A KeyObject, never text: that a key is what it says was settled when it was read.
      this.jwt.verify(token, {
        publicKey: key.key as never,
        algorithms: [key.alg],
        ignoreExpiration: true,
        ignoreNotBefore: true,
      });
      return true;
    } catch (error) {
      if (!isVerificationError(error)) throw error;
      return false;
    }
  }
}

/** The header of what may be a token of ours: everything that can be refused before any key is touched. */
export function headerOf(token: string): JwsHeader | null {
  if (token.length > MAX_BYTES || !COMPACT.test(token)) return null;
  const parts = token.split('.').map((part) => ({ part, bytes: Buffer.from(part, 'base64url') }));
  if (!parts.every(({ part, bytes }) => bytes.toString('base64url') === part)) return null;
  const header = parseObject(parts[0]!.bytes);
  if (!header || !Object.keys(header).every((member) => HEADER_MEMBERS.has(member))) return null;
  const { alg, typ, kid } = header;
  if (typeof alg !== 'string' || typeof kid !== 'string' || !KID.test(kid)) return null;
  if (typ !== undefined && typeof typ !== 'string') return null;
  return { alg, kid, ...(typ !== undefined && { typ }) };
}

/** A JSON object spelled as `JSON.stringify` spells it: no member twice, no number beyond what it can hold. */
export function parseObject(bytes: Buffer): Record<string, unknown> | null {
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && JSON.stringify(value) === text ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

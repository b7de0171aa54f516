import type { KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from './jwt.options.js';

export interface VerificationKey {
  readonly kid: string;
  /** The one algorithm that this key is used with. */
  readonly alg: JwtAlgorithm;
  readonly key: KeyObject;
}

export interface SigningKey extends VerificationKey {
  readonly privateKey: KeyObject;
}

/** The keys whose signatures are believed. */
export abstract class VerificationKeys {
  /** Null when no key of that name is in use. Asks nobody. */
  abstract find(kid: string): VerificationKey | null;
}

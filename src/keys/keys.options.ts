/** What signs access tokens (RFC 7518, section 3.1). */
export type JwtAlgorithm = 'ES256' | 'RS256' | 'PS256' | 'HS256';

/** The room's part of the settings. */
export abstract class KeysOptions {
  /** Whether JWTs are issued or honoured. Otherwise the file is neither made nor read, and there are no keys. */
  abstract readonly inUse: boolean;
  abstract readonly algorithm: JwtAlgorithm;
  /** The path of a JWK set with private keys (RFC 7517, section 5). */
  abstract readonly file: string;
  /** Whether a file is refused that others than its owner and its group may read. */
  abstract readonly mustBePrivate: boolean;
  /** Whether a missing file is made, with one new key. Never in production. */
  abstract readonly mayGenerate: boolean;
}

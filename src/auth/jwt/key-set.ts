import { existsSync } from 'node:fs';
import type { JsonWebKey } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '../../core/app-error.js';
import { Clock } from '../../core/clock.js';
import { UnusableFileError, WatchedFile } from '../../core/watched-file.js';
import type { TimedKey } from './jwk.js';
import { JwtOptions } from './jwt.options.js';
import { isRetired, signingAt } from './key-rotation.js';
import { createKeysFile, KEYS_FILE, parseKeys } from './keys-file.js';
import { type SigningKey, type VerificationKey, VerificationKeys } from './verification-keys.js';

/**
 * The keys of the keys file. It is read again when it changes; should it then be unusable, the keys in use stay in use
 * and `isStale` says so.
 */
@Injectable()
export class KeySet extends VerificationKeys implements OnModuleDestroy {
  private readonly file: WatchedFile<TimedKey[]>;

  constructor(
    private readonly options: JwtOptions,
    private readonly clock: Clock,
  ) {
    super();
    this.file = new WatchedFile(options.keysFile, KEYS_FILE, {
      parse: (text) => parseKeys(text, options.algorithm),
      check: (keys) => this.requireSigningKey(keys),
    });
  }

  /** Reads the file, makes it first where that is allowed, and watches it from then on. Throws `UnusableFileError`. */
  open(): void {
    if (this.options.mayGenerateKeys && !existsSync(this.options.keysFile)) {
      createKeysFile(this.options.keysFile, this.options.algorithm);
    }
    this.file.open();
  }

  onModuleDestroy(): void {
    this.file.close();
  }

  /** True while the file on disk cannot be used and older keys go on, and when no key is left to sign with. */
  get isStale(): boolean {
    return this.file.isStale;
  }

  /** The key that signs now. Throws `service_unavailable` when the last one was retired and no other put in its place. */
  signing(): SigningKey {
    const key = signingAt(this.keys, this.clock.now().wall);
    if (key) return key;
    throw new AppError('service_unavailable', 'There is no key to sign with.', { headers: { 'Retry-After': '10' } });
  }

  find(kid: string): VerificationKey | null {
    return this.believed().find((key) => key.kid === kid) ?? null;
  }

  /** RFC 7517: public members only. A shared secret is never among them. */
  published(): JsonWebKey[] {
    return this.believed().flatMap(({ publicJwk }) => (publicJwk ? [publicJwk] : []));
  }

  /** None where nothing is signed. */
  private get keys(): readonly TimedKey[] {
    return this.file.current ?? [];
  }

  private believed(): TimedKey[] {
    const now = this.clock.now().wall;
    return this.keys.filter((key) => !isRetired(key, now));
  }

  private requireSigningKey(keys: readonly TimedKey[]): void {
    if (!signingAt(keys, this.clock.now().wall))
      throw new UnusableFileError('no key of the keys file is in its time of use');
  }
}

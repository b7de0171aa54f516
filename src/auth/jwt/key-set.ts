import { existsSync } from 'node:fs';
import type { JsonWebKey } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '../../core/app-error.js';
import { Clock } from '../../core/clock.js';
import type { TimedKey } from './jwk.js';
import { JwtOptions } from './jwt.options.js';
import { isRetired, signingAt } from './key-rotation.js';
import { createKeysFile, KeysFileError, parseKeys, readKeysFile, statKeysFile } from './keys-file.js';
import { type SigningKey, type VerificationKey, VerificationKeys } from './verification-keys.js';

const LOOK_EVERY_MS = 1000;

/**
 * The keys of the keys file. It is read again when it changes; should it then be unusable, the keys in use stay in use
 * and `isStale` says so.
 */
@Injectable()
export class KeySet extends VerificationKeys implements OnModuleDestroy {
  private readonly logger = new Logger('keys');
  private keys: readonly TimedKey[] = [];
  private seen = '';
  private timer: NodeJS.Timeout | undefined;
  private complaint: string | null = null;

  constructor(
    private readonly options: JwtOptions,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Reads the file, makes it first where that is allowed, and watches it from then on. Throws `KeysFileError`. */
  open(): void {
    if (this.options.mayGenerateKeys && !existsSync(this.options.keysFile)) {
      createKeysFile(this.options.keysFile, this.options.algorithm);
    }
    this.load();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** True while the file on disk cannot be used and older keys go on, and when no key is left to sign with. */
  get isStale(): boolean {
    return this.complaint !== null;
  }

  /** The key that signs now. Throws `service_unavailable` when the last one was retired and no other put in its place. */
  signing(): SigningKey {
    const key = signingAt(this.keys, this.clock.now());
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

  private believed(): TimedKey[] {
    const now = this.clock.now();
    return this.keys.filter((key) => !isRetired(key, now));
  }

  private look(): void {
    try {
      if (this.fingerprint() !== this.seen) {
        this.load();
        this.logger.log('The keys file has changed and was read again.');
      }
      this.requireSigningKey(this.keys);
      this.complaint = null;
    } catch (error) {
      if (!(error instanceof KeysFileError)) throw error;
      if (this.complaint !== error.message) this.logger.error(`The keys in use go on: ${error.message}.`);
      this.complaint = error.message;
    }
  }

  private load(): void {
    const fingerprint = this.fingerprint();
    const keys = parseKeys(readKeysFile(this.options.keysFile), this.options.algorithm);
    this.requireSigningKey(keys);
    this.keys = keys;
    this.seen = fingerprint;
  }

  private requireSigningKey(keys: readonly TimedKey[]): void {
    if (!signingAt(keys, this.clock.now())) throw new KeysFileError('no key of the keys file is in its time of use');
  }

  private fingerprint(): string {
    const { ino, size, mtimeNs, ctimeNs } = statKeysFile(this.options.keysFile);
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  }
}

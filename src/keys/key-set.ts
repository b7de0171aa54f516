import { existsSync } from 'node:fs';
import type { JsonWebKey } from 'node:crypto';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { Clock } from '../core/clock.js';
import { StoreTime } from '../core/store-time.js';
import { WatchedFile } from '../core/watched-file.js';
import type { SigningKey, TimedKey, VerificationKey } from './jwk.js';
import { isRetired, signingAt } from './key-rotation.js';
import { createKeysFile, KEYS_FILE, parseKeys, requireSigningKey } from './keys-file.js';
import { KeysOptions } from './keys.options.js';

/**
 * The keys of the keys file. It is read again when it changes; should it then be unusable, the keys in use stay in use
 * and `isStale` says so. Which of them sign and are believed goes by the clock of the store: instances that change keys at
 * different times would refuse each other's tokens.
 */
@Injectable()
export class KeySet implements OnModuleInit, OnModuleDestroy {
  private readonly file: WatchedFile<TimedKey[]>;
  /** Every key with a public part that this file has held since the start, by its kid. */
  private readonly everPublic = new Set<string>();

  constructor(
    private readonly options: KeysOptions,
    private readonly time: StoreTime,
    clock: Clock,
  ) {
    this.file = new WatchedFile(options.file, KEYS_FILE, {
      parse: (text) => this.noted(parseKeys(text, options.algorithm)),
      // The file is read before the store is.
      check: (keys) => requireSigningKey(keys, time.known ?? clock.now().wall),
    });
  }

  /** When JWTs are in use: makes the file where that is allowed, reads it, watches it. Throws `UnusableFileError`. */
  onModuleInit(): void {
    const { inUse, file, algorithm, mayGenerate } = this.options;
    if (!inUse) return;
    if (mayGenerate && !existsSync(file)) createKeysFile(file, algorithm);
    this.file.open();
  }

  onModuleDestroy(): void {
    this.file.close();
  }

  /** True while the file on disk cannot be used and older keys go on, and when no key is left to sign with. */
  get isStale(): boolean {
    return this.file.isStale;
  }

  /**
   * The key that signs now. Throws `service_unavailable` when the last one was retired and no other put in its place and, as
   * `find` and `published` do, while the store's clock is not known.
   */
  signing(): SigningKey {
    const key = signingAt(this.keys, this.time.now());
    if (key) return key;
    throw new AppError('service_unavailable', 'There is no key to sign with.', { headers: { 'Retry-After': '10' } });
  }

  /** The key of that name whose signatures are believed now; null when there is none in use. Asks nobody. */
  find(kid: string): VerificationKey | null {
    return this.believed().find((key) => key.kid === kid) ?? null;
  }

  /** RFC 7517: public members only. A shared secret is never among them. */
  published(): JsonWebKey[] {
    return this.believed().flatMap(({ publicJwk }) => (publicJwk ? [publicJwk] : []));
  }

  /**
   * The kids that are published no more: of keys that are retired, and of those that were taken out of the file since this instance
   * has started. Whoever keeps a copy of the set needs to be told. Throws as `find` does, where there are any keys.
   */
  retired(): string[] {
    if (this.everPublic.size === 0) return [];
    const believed = new Set(this.believed().map(({ kid }) => kid));
    return [...this.everPublic].filter((kid) => !believed.has(kid));
  }

  private noted(keys: TimedKey[]): TimedKey[] {
    for (const { kid, publicJwk } of keys) if (publicJwk) this.everPublic.add(kid);
    return keys;
  }

  /** No keys where no JWT is in use. */
  private get keys(): readonly TimedKey[] {
    return this.file.current ?? [];
  }

  private believed(): TimedKey[] {
    const now = this.time.now();
    return this.keys.filter((key) => !isRetired(key, now));
  }
}

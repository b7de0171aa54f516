import { existsSync, statSync } from 'node:fs';
import type { JsonWebKey } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../core/clock.js';
import type { TimedKey } from './jwk.js';
import { JwtOptions } from './jwt.options.js';
import { createKeysFile, KeysFileError, parseKeys, readKeysFile } from './keys-file.js';
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
  private unusable = false;

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
    this.signing();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** True while the file on disk cannot be used and older keys go on. */
  get isStale(): boolean {
    return this.unusable;
  }

  /** The key that signs now: of those whose time has come the latest, and of equals the first. */
  signing(): SigningKey {
    const now = this.clock.now();
    const due = this.keys.filter((key) => key.useFrom <= now && now < key.retireAt);
    const latest = due.reduce<TimedKey | null>((best, key) => (best && best.useFrom >= key.useFrom ? best : key), null);
    if (!latest) throw new KeysFileError('no key of the keys file is in its time of use');
    return latest;
  }

  find(kid: string): VerificationKey | null {
    return this.keys.find((key) => key.kid === kid && this.clock.now() < key.retireAt) ?? null;
  }

  /** RFC 7517: public members only. A shared secret is never among them. */
  published(): JsonWebKey[] {
    const now = this.clock.now();
    return this.keys.flatMap((key) => (key.publicJwk && now < key.retireAt ? [key.publicJwk] : []));
  }

  private look(): void {
    try {
      if (this.fingerprint() === this.seen) return;
      this.load();
      this.unusable = false;
      this.logger.log('The keys file has changed and was read again.');
    } catch (error) {
      if (!(error instanceof KeysFileError)) throw error;
      if (!this.unusable) this.logger.error(`The keys in use go on: ${error.message}.`);
      this.unusable = true;
    }
  }

  private load(): void {
    const fingerprint = this.fingerprint();
    this.keys = parseKeys(readKeysFile(this.options.keysFile), this.options.algorithm);
    this.seen = fingerprint;
  }

  private fingerprint(): string {
    const stat = statSync(this.options.keysFile, { throwIfNoEntry: false });
    if (!stat) throw new KeysFileError('the keys file is not there');
    return `${stat.ino}:${stat.size}:${stat.mtimeMs}`;
  }
}

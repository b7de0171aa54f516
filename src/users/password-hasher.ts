import { Inject, Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { Algorithm, hash, verify } from '@node-rs/argon2';
import { HashQueue } from './hash-queue.js';
import { PasswordPolicy } from './password-policy.options.js';

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane. `memoryCost` in KiB. */
export const PARAMETERS = { algorithm: 2 as Algorithm, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = '$argon2id$v=19$m=19456,t=2,p=1$';

export const MAX_CODE_POINTS = 256;
export const MAX_BYTES = 1024;

/** argon2id, as many at once as there are cores. Each method that hashes throws `service_unavailable` to whoever would wait too long. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly queue = new HashQueue();
  private dummy: string;

  constructor(@Optional() @Inject(PasswordPolicy) private readonly policy: Pick<PasswordPolicy, 'legacy'> = {}) {}

  async onModuleInit(): Promise<void> {
    this.dummy = await this.hash('nobody has this password');
  }

  /** See `HashQueue.admit`. */
  admit(isKnown: boolean): () => void {
    return this.queue.admit(isKnown);
  }

  /** PHC string of the password's normal form. */
  async hash(password: string): Promise<string> {
    return this.queue.run(() => hash(normalisePassword(password), PARAMETERS));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash (nobody has that name), or for text that is never hashed, it
   * takes as long as otherwise and answers false. A hash that is not ours is judged by whom the policy names for such.
   */
  async verify(phc: string | null, password: string): Promise<boolean> {
    const hashable = isHashable(password);
    const text = hashable ? normalisePassword(password) : '';
    const matches = await this.queue.run(() => this.matches(phc ?? this.dummy, text));
    return matches && hashable && phc !== null;
  }

  private async matches(phc: string, text: string): Promise<boolean> {
    const judged = this.policy.legacy?.verify(text, phc) ?? null;
    if (judged === null) return isReadable(phc) ? verify(phc, text) : verify(this.dummy, text).then(() => false);
    // Never quicker than for a name that is nobody's.
    const [matches] = await Promise.all([judged, verify(this.dummy, text)]);
    return matches;
  }

  /** True when the hash was made with other parameters than those of today. */
  isOutdated(phc: string): boolean {
    return !phc.startsWith(CURRENT);
  }
}

/** False for what stands in a user store in place of a hash: such a user has no password here, and nobody is to notice. */
function isReadable(phc: string): boolean {
  return phc.startsWith('$argon2');
}

/** The form in which a password is hashed and compared: NFKC, so that two keyboards that mean the same agree. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** False for text that could not be told from another once it is bytes, and for what is larger than is ever hashed. */
export function isHashable(password: string): boolean {
  if (!password.isWellFormed() || Buffer.byteLength(password) > MAX_BYTES) return false;
  const normal = normalisePassword(password);
  return Buffer.byteLength(normal) <= MAX_BYTES && [...normal].length <= MAX_CODE_POINTS;
}

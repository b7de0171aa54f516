import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Algorithm, hash, verify } from '@node-rs/argon2';
import { UnavailableError } from '../core/app-error.js';

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane. `memoryCost` in KiB. */
export const PARAMETERS = { algorithm: 2 as Algorithm, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = '$argon2id$v=19$m=19456,t=2,p=1$';

/** Hashes wait in libuv's pool: more at once than cores would only make everything else there wait too. */
const IN_FLIGHT = availableParallelism();

export const MAX_CODE_POINTS = 256;
export const MAX_BYTES = 1024;

/** How much work may wait, in time and not in places: a fast machine takes more logins at a moment than a slow one. */
export const LONGEST_WAIT_MS = 1500;

/** How much one hash counts in the average: ten or twenty make the hasher believe that the machine has become slower or faster. */
const WEIGHT = 1 / 8;

interface Waiting {
  readonly since: number;
  begin(): void;
  giveUp(error: Error): void;
}

/**
 * argon2id with a bound on how much of it goes on at once (OWASP ASVS 15.1.3, 15.2.2). Whoever would wait for longer than a
 * second and a half, as hashes have taken lately, hears `service_unavailable` at once; whoever has waited for as long in spite
 * of that, because the machine became slower meanwhile, hears it then.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private running = 0;
  /** What one hash has taken lately, in milliseconds; a guess until the first ones are done. */
  private usualMs = 50;
  private readonly waiting: Waiting[] = [];
  private dummy: string;

  async onModuleInit(): Promise<void> {
    this.dummy = await this.hash('nobody has this password');
  }

  /** PHC string of the password's normal form. */
  async hash(password: string): Promise<string> {
    return this.bounded(() => hash(normalisePassword(password), PARAMETERS));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash (nobody has that name), or for text that is never hashed, it
   * takes as long as otherwise and answers false.
   */
  async verify(phc: string | null, password: string): Promise<boolean> {
    const hashable = isHashable(password);
    const text = hashable ? normalisePassword(password) : '';
    const matches = await this.bounded(() => verify(phc ?? this.dummy, text));
    return matches && hashable && phc !== null;
  }

  /** True when the hash was made with other parameters than those of today. */
  isOutdated(phc: string): boolean {
    return !phc.startsWith(CURRENT);
  }

  private async bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < IN_FLIGHT) this.running += 1;
    else await this.place();
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.usualMs += WEIGHT * (performance.now() - startedAt - this.usualMs);
      this.handOn();
    }
  }

  /** Resolves when it is the caller's turn. */
  private async place(): Promise<void> {
    const expectedMs = ((this.waiting.length + 1) * this.usualMs) / IN_FLIGHT;
    if (expectedMs > LONGEST_WAIT_MS) throw new UnavailableError('Password hashing');
    await new Promise<void>((begin, giveUp) => this.waiting.push({ since: performance.now(), begin, giveUp }));
  }

  /** The place is handed on, not given back: a newcomer cannot slip in between. */
  private handOn(): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      if (performance.now() - next.since <= LONGEST_WAIT_MS) return next.begin();
      next.giveUp(new UnavailableError('Password hashing'));
    }
    this.running -= 1;
  }
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

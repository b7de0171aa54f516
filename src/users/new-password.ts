import { Injectable } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import type { FieldProblem, ProblemCode } from '../core/problem.js';
import { CommonPasswords } from './common-passwords.js';
import { readLeet } from './decorated-word.js';
import { isHashable, MAX_BYTES, MAX_CODE_POINTS, normalisePassword } from './password-hasher.js';
import { periodOf, withoutRuns } from './password-patterns.js';
import { PasswordPolicy } from './password-policy.options.js';

type Verdict = { code: ProblemCode; field: Omit<FieldProblem, 'pointer'> };

export const SERVICE_NAME = 'sallyport';
/** Two letters of an address are found in any password. */
export const SHORTEST_CONTEXT_WORD = 3;

/** What a password that is about to be set must be (NIST SP 800-63B-4 3.1.1.2; OWASP ASVS 6.2). */
@Injectable()
export class NewPassword {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly common: CommonPasswords,
  ) {}

  /**
   * The password's normal form. Throws `password_too_weak` or `validation_failed` for the field at `pointer`.
   * An attacker who knows the account would try its `email` first.
   */
  accept(password: string, pointer: string, email: string): string {
    const refused = this.judge(password, email);
    if (refused) {
      throw new AppError(refused.code, refused.field.detail, { errors: [{ pointer, ...refused.field }] });
    }
    return normalisePassword(password);
  }

  private judge(password: string, email: string): Verdict | null {
    if (!isHashable(password)) {
      const detail = `A password is well-formed text of at most ${MAX_CODE_POINTS} characters and ${MAX_BYTES} bytes.`;
      return { code: 'validation_failed', field: { code: 'invalid', detail } };
    }
    // A character that Unicode has not assigned may change its normal form one day, and the password with it.
    if (/\p{Cn}/u.test(password)) {
      const detail = 'The password holds a character that Unicode has not assigned.';
      return { code: 'validation_failed', field: { code: 'invalid', detail } };
    }
    const normal = normalisePassword(password);
    if ([...normal].length < this.policy.minLength) {
      return weak('too_short', `A password has at least ${this.policy.minLength} characters.`);
    }
    if (this.common.has(normal)) return weak('too_common', 'This password is on the lists that attackers try first.');
    if (periodOf(normal) < this.policy.minLength && periodOf(normal) < [...normal].length) {
      return weak('too_predictable', 'This password repeats a few characters.');
    }
    // A run is worth one character: a password that is mostly runs is shorter than it looks.
    if ([...withoutRuns(normal)].length < this.policy.minLength / 2) {
      return weak(
        'too_predictable',
        'This password follows the alphabet, the digits or the keyboard, or one character.',
      );
    }
    if (this.isMadeOf(normal, wordsAround(email))) {
      return weak('too_predictable', 'This password is made of your e-mail address or the name of this service.');
    }
    return null;
  }

  /** True when beside the words there are only digits and punctuation, or one common password more. */
  private isMadeOf(password: string, words: string[]): boolean {
    const rest = without(password.toLowerCase(), words);
    return rest.length < password.length && (!/\p{L}/u.test(rest) || this.common.has(rest));
  }
}

function weak(code: string, detail: string): Verdict {
  return { code: 'password_too_weak', field: { code, detail } };
}

/** What somebody who knows the account tries first; the longest first, since the shorter ones are parts of them. */
function wordsAround(email: string): string[] {
  const [local = '', domain = ''] = email.split('@');
  const parts = email.split(/[^\p{L}\p{N}]+/u);
  const words = [email, local, domain, local.replace(/[^\p{L}\p{N}]/gu, ''), ...parts, SERVICE_NAME];
  return words.filter((word) => word.length >= SHORTEST_CONTEXT_WORD).sort((a, b) => b.length - a.length);
}

/** The text with the words cut out, in whatever leet they are spelt. */
function without(text: string, words: string[]): string {
  let rest = text;
  for (const word of words) {
    const read = readLeet(word);
    for (let at = readLeet(rest).indexOf(read); at >= 0; at = readLeet(rest).indexOf(read)) {
      rest = rest.slice(0, at) + rest.slice(at + word.length);
    }
  }
  return rest;
}

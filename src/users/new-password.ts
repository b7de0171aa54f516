import { Injectable } from '@nestjs/common';
import { AppError, type FieldProblem, type ProblemCode } from '../core/app-error.js';
import { CommonPasswords } from './common-passwords.js';
import { isHashable, MAX_BYTES, MAX_CODE_POINTS, normalisePassword } from './password.js';
import { PasswordPolicy } from './password-policy.options.js';

type Verdict = { code: ProblemCode; field: Omit<FieldProblem, 'pointer'> };

const SERVICE_NAME = 'sallyport';

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
    if (isRepetition(normal)) return weak('too_predictable', 'This password repeats a few characters.');
    if (isMadeOf(normal, [email, ...email.split('@'), SERVICE_NAME])) {
      return weak('too_predictable', 'This password is made of your e-mail address or the name of this service.');
    }
    return null;
  }
}

function weak(code: string, detail: string): Verdict {
  return { code: 'password_too_weak', field: { code, detail } };
}

function isRepetition(password: string): boolean {
  return /^(.{1,4}?)\1+.{0,3}$/su.test(password);
}

/** True when nothing but digits and punctuation is left beside the words. */
function isMadeOf(password: string, words: string[]): boolean {
  let rest = password.toLowerCase();
  for (const word of words) if (word.length >= 4) rest = rest.replaceAll(word, '');
  return rest.length < password.length && !/\p{L}/u.test(rest);
}

import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isString, ValidateBy } from 'class-validator';
import { isMailbox, normaliseEmail } from '../email.js';

/** One mailbox; what the handler sees is its normal form. */
export function IsMailbox(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normaliseEmail(value) : value)),
    rule('isMailbox', 'must be one e-mail address of at most 254 bytes', isMailbox),
  );
}

/** Text that any store can keep: 1 to 100 characters, well-formed, no control characters. */
export function IsDisplayName(): PropertyDecorator {
  return rule(
    'isDisplayName',
    'must be text of 1 to 100 characters without control characters',
    (name) => name.isWellFormed() && !/\p{Cc}/u.test(name) && name.trim() !== '' && [...name].length <= 100,
  );
}

/** Any text that is small enough to be looked at: whether it is a password is decided elsewhere. */
export function IsPasswordText(): PropertyDecorator {
  return rule('isPasswordText', 'must be text of at most 1024 bytes', (text) => Buffer.byteLength(text) <= 1024);
}

function rule(name: string, message: string, holds: (text: string) => boolean): PropertyDecorator {
  return ValidateBy({
    name,
    validator: { validate: (value) => isString(value) && holds(value), defaultMessage: () => message },
  });
}

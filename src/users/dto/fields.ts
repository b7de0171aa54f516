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

/** How `IsDisplayName` tells what it wants; a code of `invalid` goes with it. */
export const DISPLAY_NAME_RULE =
  'must be text of 1 to 100 characters without control, direction or invisible characters';

/** What breaks a line, turns the direction of what stands beside it, or is not seen: U+115F and the three after it are blank letters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;

/**
 * The joiners (U+200C, U+200D) that belong to the spelling: in Arabic script, after the viramas of Indian scripts
 * (RFC 5892, appendices A.1 and A.2), and between the parts of one emoji.
 */
const JOINERS =
  /(?<=[\p{Script=Arabic}\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca])[\u200c\u200d](?=\p{L})|(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=\p{Extended_Pictographic})/gu;

/** A name that others see: 1 to 100 characters, well-formed, with nothing that would make another name look like it. */
export function IsDisplayName(): PropertyDecorator {
  return rule(
    'isDisplayName',
    DISPLAY_NAME_RULE,
    (name) =>
      name.isWellFormed() && !UNSEEN.test(name.replace(JOINERS, '')) && name.trim() !== '' && [...name].length <= 100,
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

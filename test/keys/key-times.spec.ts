import fc from 'fast-check';
import {
  CLOCK_DIFFERENCE_MS,
  isRetired,
  JWKS_MAX_AGE_MS,
  type KeyTimes,
  LEAD_MS,
  retire,
  rotate,
  rotateNow,
  RotationError,
  signingAt,
  TAIL_MS,
} from '../../src/keys/key-rotation.js';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const TOKEN_LIFE = 900_000;
const OLD = { kid: 'old' };
const kids = (keys: KeyTimes[]): string[] => keys.map(({ kid }) => kid);
const byKid = (keys: KeyTimes[], kid: string): KeyTimes => keys.find((key) => key.kid === kid)!;

describe('rotating the keys', () => {
  const rotated = rotate([OLD], { kid: 'new' }, NOW);

  it('publishes the new key for longer than anyone may keep the set before it signs', () => {
    expect(byKid(rotated, 'new')).toEqual({ kid: 'new', useFrom: NOW + LEAD_MS });
    expect(LEAD_MS).toBe(JWKS_MAX_AGE_MS + 300_000);
    expect(signingAt(rotated, NOW + LEAD_MS - 1)!.kid).toBe('old');
    expect(signingAt(rotated, NOW + LEAD_MS)!.kid).toBe('new');
  });

  it('keeps the old key until the last token it signed has run out everywhere', () => {
    const lastSigned = NOW + LEAD_MS + CLOCK_DIFFERENCE_MS;
    expect(byKid(rotated, 'old').retireAt).toBeGreaterThanOrEqual(
      lastSigned + TOKEN_LIFE + CLOCK_DIFFERENCE_MS + JWKS_MAX_AGE_MS,
    );
  });

  it('lets a key that is on its way out go when it was to', () => {
    const again = rotate(rotated, { kid: 'newer' }, NOW + 1000);
    expect(byKid(again, 'old').retireAt).toBe(byKid(rotated, 'old').retireAt);
    expect(byKid(again, 'new').retireAt).toBe(NOW + 1000 + LEAD_MS + TAIL_MS);
  });

  it('forgets a key a day after it retired', () => {
    const retiredAt = byKid(rotated, 'old').retireAt!;
    expect(kids(rotate(rotated, { kid: 'newer' }, retiredAt + DAY - 1))).toContain('old');
    expect(kids(rotate(rotated, { kid: 'newer' }, retiredAt + DAY))).not.toContain('old');
  });

  it('is refused when nothing would sign until the new key may', () => {
    expect(() => rotate([{ kid: 'old', retireAt: NOW + LEAD_MS - 1 }], { kid: 'new' }, NOW)).toThrow(RotationError);
    expect(() => rotate([{ kid: 'old', retireAt: NOW - 1 }], { kid: 'new' }, NOW)).toThrow('rotate --now');
  });
});

describe('rotating the keys at once', () => {
  it('has the new key sign on every instance, late clocks included', () => {
    const keys = rotateNow([{ kid: 'old', useFrom: NOW - 1000 }], { kid: 'new' }, NOW);
    expect(signingAt(keys, NOW)!.kid).toBe('new');
    expect(signingAt(rotateNow([OLD], { kid: 'new' }, NOW), NOW - CLOCK_DIFFERENCE_MS)!.kid).toBe('new');
    expect(byKid(keys, 'old').retireAt).toBe(NOW + TAIL_MS);
  });

  it('drops a key that was waiting for its time', () => {
    expect(kids(rotateNow(rotate([OLD], { kid: 'waits' }, NOW), { kid: 'new' }, NOW + 1))).toEqual(['new', 'old']);
  });

  it('helps when every key has retired', () => {
    const keys = rotateNow([{ kid: 'old', retireAt: NOW - 1 }], { kid: 'new' }, NOW);
    expect(signingAt(keys, NOW)!.kid).toBe('new');
  });
});

describe('retiring a key', () => {
  const waiting = rotate([OLD], { kid: 'waits' }, NOW);

  it('is over at once on every instance, late clocks included', () => {
    const keys = retire(rotateNow([OLD], { kid: 'new' }, NOW), 'old', NOW);
    expect(isRetired(byKid(keys, 'old'), NOW - CLOCK_DIFFERENCE_MS)).toBe(true);
    expect(signingAt(keys, NOW)!.kid).toBe('new');
  });

  it('has the key that waits take over when the one that signs goes', () => {
    const keys = retire(waiting, 'old', NOW);
    expect(signingAt(keys, NOW - CLOCK_DIFFERENCE_MS)!.kid).toBe('waits');
    expect(byKid(keys, 'waits').retireAt).toBeUndefined();
  });

  it('prefers a key that was in the file before and stays', () => {
    const keys = retire([{ kid: 'first' }, { kid: 'second' }], 'first', NOW);
    expect(signingAt(keys, NOW)!.kid).toBe('second');
  });

  it('is refused for the only key that can sign, be there others on their way out', () => {
    expect(() => retire([OLD], 'old', NOW)).toThrow('rotate --now');
    expect(() => retire(rotateNow([OLD], { kid: 'new' }, NOW), 'new', NOW)).toThrow('rotate --now');
  });

  it('is refused for a key that is not there', () => {
    expect(() => retire([OLD], 'other', NOW)).toThrow(RotationError);
  });

  it('lets the key that was to be replaced go on when it is the one that waits', () => {
    expect(byKid(retire(waiting, 'waits', NOW), 'old').retireAt).toBeUndefined();
  });

  it('changes nothing for a key that has retired', () => {
    const keys = retire(waiting, 'old', NOW);
    expect(retire(keys, 'old', NOW + 1)).toEqual(keys);
  });
});

/** One state of the file after another, each from its time on. */
type History = { since: number; keys: KeyTimes[] }[];

function played(commands: { wait: number; retireWaiting: boolean }[]): History {
  const history: History = [{ since: 0, keys: [{ kid: 'k0' }] }];
  let now = NOW;
  for (const [i, { wait, retireWaiting }] of commands.entries()) {
    now += wait;
    const { keys } = history.at(-1)!;
    // One that an instance with an early clock may have begun to sign with does not wait any more.
    const waits = keys.find(({ useFrom = 0, retireAt }) => useFrom > now + CLOCK_DIFFERENCE_MS && !retireAt);
    const changed = retireWaiting && waits ? retire(keys, waits.kid, now) : rotate(keys, { kid: `k${i + 1}` }, now);
    history.push({ since: now, keys: changed });
  }
  return history;
}

const at = (history: History, time: number): KeyTimes[] => history.findLast(({ since }) => since <= time)!.keys;

it('never leaves a time without a key to sign, a token nobody knows the key of or one refused before its time', () => {
  const clock = fc.integer({ min: -CLOCK_DIFFERENCE_MS / 2, max: CLOCK_DIFFERENCE_MS / 2 });
  const command = fc.record({ wait: fc.integer({ min: 0, max: 2_000_000 }), retireWaiting: fc.boolean() });
  const request = fc.record({
    time: fc.integer({ min: 0, max: 8_000_000 }),
    signer: clock,
    verifier: clock,
    age: fc.integer({ min: 0, max: TOKEN_LIFE }),
    copyAge: fc.integer({ min: 0, max: JWKS_MAX_AGE_MS }),
  });
  fc.assert(
    fc.property(
      fc.array(command, { maxLength: 6 }),
      fc.array(request, { minLength: 1, maxLength: 50 }),
      (commands, requests) => {
        const history = played(commands);
        for (const { time, signer, verifier, age, copyAge } of requests) {
          const signedAt = NOW + time;
          const key = signingAt(at(history, signedAt), signedAt + signer);
          const usedAt = signedAt + age;
          const copiedAt = usedAt - copyAge;
          const copy = at(history, copiedAt).filter((one) => !isRetired(one, copiedAt + verifier));
          expect(kids(copy)).toContain(key?.kid);
        }
      },
    ),
    { numRuns: 500 },
  );
});

import { existsSync } from 'node:fs';
import { generateJwk, type PrivateJwk, thumbprint } from '../auth/jwt/jwk.js';
import type { JwtOptions } from '../auth/jwt/jwt.options.js';
import {
  isRetired,
  JWKS_MAX_AGE_MS,
  type KeyTimes,
  retire,
  rotate,
  rotateNow,
  RotationError,
  signingAt,
} from '../auth/jwt/key-rotation.js';
import { changeKeysFile, createKeysFile, jwksOf, KEYS_FILE, parseKeys } from '../auth/jwt/keys-file.js';
import { readTextFile, UnusableFileError } from '../core/watched-file.js';
import { CommandError, runCommand } from './command.js';

const USAGE = `Usage:
  npm run keys -- list            which key signs, which will, and until when each is published
  npm run keys -- rotate          a new key: published now, signs once every verifier can know it (makes a missing file)
  npm run keys -- rotate --now    a new key that signs at once: when the one in use can no longer be trusted
  npm run keys -- retire KID      from now on no token of that key is accepted
Running instances read the file again within a second.`;

/** An entry of the file with its name, which may be left out there. */
type NamedJwk = PrivateJwk & { kid: string };

interface Command {
  /** The new entries of the file; they are checked before they are written. */
  change(keys: NamedJwk[], fresh: () => NamedJwk, now: number): NamedJwk[];
  /** What to say of it. */
  tell(keys: NamedJwk[], before: NamedJwk[], now: number): string;
}

const CACHES =
  `Services that keep a copy of the key set may refuse its tokens until they ask again: ` +
  `${JWKS_MAX_AGE_MS / 1000} seconds at most.`;

const ROTATE: Command = {
  change: (keys, fresh, now) => rotate(keys, fresh(), now),
  tell: ([key]) => `Key ${key!.kid} is published and signs from ${iso(key!.useFrom!)}.`,
};

const ROTATE_NOW: Command = {
  change: (keys, fresh, now) => rotateNow(keys, fresh(), now),
  tell: ([key], before, now) => {
    const old = signingAt(before, now);
    const then = old
      ? ` Tokens of ${old.kid} go on until they run out; to refuse them now: npm run keys -- retire KID.`
      : '';
    return `Key ${key!.kid} signs now.${then}\n${CACHES}`;
  },
};

function retireCommand(kid: string): Command {
  return {
    change: (keys, _, now) => retire(keys, kid, now),
    tell: (keys, before, now) => {
      const [was, is] = [signingAt(before, now), signingAt(keys, now)];
      const done = `Key ${kid} is retired: its tokens are refused, and their clients refresh.`;
      if (!is || was?.kid === is.kid) return done;
      const early = (before.find((key) => key.kid === is.kid)?.useFrom ?? 0) > now;
      return `${done}\nKey ${is.kid} signs now${early ? `, sooner than was planned. ${CACHES}` : '.'}`;
    },
  };
}

async function run([verb, argument, ...rest]: string[], options: JwtOptions): Promise<string | null> {
  const isList = verb === 'list' && argument === undefined;
  const isRotate = verb === 'rotate' && (argument === undefined || argument === '--now');
  const isRetire = verb === 'retire' && argument !== undefined;
  if (rest.length > 0 || !(isList || isRotate || isRetire)) return null;
  if (!existsSync(options.keysFile)) {
    if (isRotate) return makeFile(options);
    throw new UnusableFileError('there is no keys file yet: rotate makes one');
  }
  if (isList) return list(options);
  if (isRetire) return change(options, retireCommand(argument));
  return change(options, argument === '--now' ? ROTATE_NOW : ROTATE);
}

function makeFile(options: JwtOptions): string {
  createKeysFile(options.keysFile, options.algorithm);
  return `Made ${options.keysFile} with one key.\n${list(options)}`;
}

async function change({ keysFile, algorithm }: JwtOptions, command: Command): Promise<string> {
  // Made before the file is locked: an RSA key takes its time.
  const key = generateJwk(algorithm) as NamedJwk;
  let said = '';
  await changeKeysFile(keysFile, (jwks) => {
    const now = Date.now();
    const before = named(jwks, algorithm);
    const after = command.change(before, () => key, now);
    named(after, algorithm);
    said = `${command.tell(after, before, now)}\n\n${table(after, now)}`;
    return after;
  });
  return said;
}

function list({ keysFile, algorithm }: JwtOptions): string {
  return table(named(jwksOf(readTextFile(keysFile, KEYS_FILE)), algorithm), Date.now());
}

/** Refuses what the service would refuse. Throws `UnusableFileError`. */
function named(jwks: PrivateJwk[], algorithm: JwtOptions['algorithm']): NamedJwk[] {
  parseKeys(JSON.stringify({ keys: jwks }), algorithm);
  return jwks.map((jwk) => ({ ...jwk, kid: jwk.kid ?? thumbprint(jwk), alg: algorithm }));
}

function table(keys: NamedJwk[], now: number): string {
  const rows = keys.map((key) => [key.kid, key.alg ?? '', signs(key, keys, now), published(key, now)]);
  const all = [['KID', 'ALG', 'SIGNS', 'PUBLISHED'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function signs(key: KeyTimes, keys: KeyTimes[], now: number): string {
  const { useFrom = 0 } = key;
  const since = useFrom === 0 ? 'the start' : iso(useFrom);
  if (isRetired(key, now)) return 'no more';
  if (signingAt(keys, now) === key) return `now, since ${since}`;
  return useFrom > now ? `from ${since}` : 'no more, verifies';
}

function published(key: KeyTimes, now: number): string {
  if (key.retireAt === undefined) return 'until it is replaced';
  return isRetired(key, now) ? `no more, since ${iso(key.retireAt)}` : `until ${iso(key.retireAt)}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

runCommand(async (args, { jwt }) => {
  try {
    const answer = await run(args, jwt);
    if (answer === null) throw new CommandError(USAGE, 2);
    return answer;
  } catch (error) {
    throw error instanceof RotationError ? new CommandError(error.message) : error;
  }
});

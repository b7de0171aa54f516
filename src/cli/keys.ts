import { existsSync } from 'node:fs';
import { readTextFile } from '../core/text-file.js';
import { generateJwk } from '../keys/generated-jwk.js';
import { type PrivateJwk, thumbprint } from '../keys/jwk.js';
import { JWKS_MAX_AGE_MS, retire, rotate, rotateNow, RotationError, signingAt } from '../keys/key-rotation.js';
import { changeKeysFile, createKeysFile, jwksOf, KEYS_FILE, parseKeys } from '../keys/keys-file.js';
import type { KeysOptions } from '../keys/keys.options.js';
import { CommandError, runCommand } from './command.js';
import { iso, keysTable } from './keys-table.js';

const USAGE = `Usage:
  npm run keys -- list            which key signs, which will, and until when each is published
  npm run keys -- rotate          a new key: published now, signs once every verifier can know it (makes a missing file)
  npm run keys -- rotate --now    a new key that signs at once: when the one in use can no longer be trusted
  npm run keys -- retire KID      from now on no token of that key is accepted
Running instances read the file again within a second.`;

/** An entry of the file with its name, which may be left out there. */
type NamedJwk = PrivateJwk & { kid: string };

/** One way to change the file. */
interface Change {
  /** The new entries of the file; they are checked before they are written. */
  change(keys: NamedJwk[], fresh: () => NamedJwk, now: number): NamedJwk[];
  /** What to say of it. */
  tell(keys: NamedJwk[], before: NamedJwk[], now: number): string;
}

const CACHES =
  `Services that keep a copy of the key set may refuse its tokens until they ask again: ` +
  `${JWKS_MAX_AGE_MS / 1000} seconds at most.`;

const ROTATE: Change = {
  change: (keys, fresh, now) => rotate(keys, fresh(), now),
  tell: ([key]) => `Key ${key!.kid} is published and signs from ${iso(key!.useFrom!)}.`,
};

const ROTATE_NOW: Change = {
  change: (keys, fresh, now) => rotateNow(keys, fresh(), now),
  tell: ([key], before, now) => {
    const old = signingAt(before, now);
    const then = old
      ? ` Tokens of ${old.kid} go on until they run out; to refuse them now: npm run keys -- retire KID.`
      : '';
    return `Key ${key!.kid} signs now.${then}\n${CACHES}`;
  },
};

function retireKey(kid: string): Change {
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

async function run(args: string[], options: KeysOptions): Promise<string> {
  const [verb, kid, ...rest] = args;
  if (verb === 'retire' && kid !== undefined && rest.length === 0) return change(options, retireKey(kid));
  switch (args.join(' ')) {
    case 'list':
      return list(options);
    case 'rotate':
      return rotateOrMake(options, ROTATE);
    case 'rotate --now':
      return rotateOrMake(options, ROTATE_NOW);
    default:
      throw new CommandError(USAGE, 2);
  }
}

async function rotateOrMake(options: KeysOptions, rotation: Change): Promise<string> {
  if (existsSync(options.file)) return change(options, rotation);
  createKeysFile(options.file, options.algorithm);
  return `Made ${options.file} with one key.\n${list(options)}`;
}

async function change({ file, algorithm }: KeysOptions, asked: Change): Promise<string> {
  requireFile(file);
  // Made before the file is locked: an RSA key takes its time.
  const key = generateJwk(algorithm) as NamedJwk;
  let said = '';
  await changeKeysFile(file, (jwks) => {
    const now = Date.now();
    const before = named(jwks, algorithm);
    const after = asked.change(before, () => key, now);
    named(after, algorithm);
    said = `${asked.tell(after, before, now)}\n\n${keysTable(after, now)}`;
    return after;
  });
  return said;
}

function list({ file, algorithm }: KeysOptions): string {
  requireFile(file);
  return keysTable(named(jwksOf(readTextFile(file, KEYS_FILE)), algorithm), Date.now());
}

function requireFile(file: string): void {
  if (!existsSync(file)) throw new CommandError(`${KEYS_FILE}: there is no keys file yet; rotate makes one.`);
}

/** Refuses what the service would refuse. Throws `UnusableFileError`. */
function named(jwks: PrivateJwk[], algorithm: KeysOptions['algorithm']): NamedJwk[] {
  parseKeys(JSON.stringify({ keys: jwks }), algorithm);
  return jwks.map((jwk) => ({ ...jwk, kid: jwk.kid ?? thumbprint(jwk), alg: algorithm }));
}

runCommand(
  async (args, { keys }) => {
    try {
      return await run(args, keys);
    } catch (error) {
      throw error instanceof RotationError ? new CommandError(error.message) : error;
    }
  },
  {
    // In either mode, and also a file whose keys have all retired: it is mended here. `rotate` makes a missing one.
    keys: ({ file, algorithm }) => {
      if (existsSync(file)) parseKeys(readTextFile(file, KEYS_FILE), algorithm);
    },
  },
);

import { isIP } from 'node:net';

/** One setting: how to read it, what it defaults to, and what the documentation says of it. */
export interface Setting<T> {
  /** The value, or throws a `Rule` that says what it must be. Never repeats what it was given. */
  readonly read: (raw: string) => T;
  readonly fallback: (production: boolean) => T;
  /** The default as the documentation shows it. */
  readonly shown: string;
  readonly meaning: string;
}

/** What a value must be: the whole of what is said about a wrong one. */
export class Rule extends Error {}

function setting<T>(
  fallback: T | ((production: boolean) => T),
  shown: string,
  meaning: string,
  read: (raw: string) => T,
) {
  const fall = typeof fallback === 'function' ? (fallback as (production: boolean) => T) : () => fallback;
  return { read, fallback: fall, shown, meaning } satisfies Setting<T>;
}

export function oneOf<const T extends string>(values: readonly T[], fallback: T, meaning: string): Setting<T> {
  return setting<T>(fallback, `\`${fallback}\``, meaning, (raw) => pick(values, raw));
}

export function listOf<const T extends string>(
  values: readonly T[],
  shown: string,
  meaning: string,
): Setting<T[] | null> {
  return setting<T[] | null>(null, shown, meaning, (raw) => {
    const items = split(raw).map((item) => pick(values, item));
    if (items.length === 0) throw new Rule(`must name at least one of ${values.join(', ')}`);
    return [...new Set(items)];
  });
}

export function integer(min: number, max: number, fallback: number, meaning: string): Setting<number> {
  return setting(fallback, String(fallback), meaning, (raw) => {
    const value = /^\d{1,10}$/.test(raw) ? Number(raw) : NaN;
    if (!(value >= min && value <= max)) throw new Rule(`must be a whole number from ${min} to ${max}`);
    return value;
  });
}

export function flag(fallback: boolean | ((production: boolean) => boolean), shown: string, meaning: string) {
  return setting<boolean>(fallback, shown, meaning, (raw) => {
    if (/^(true|on|1)$/i.test(raw)) return true;
    if (/^(false|off|0)$/i.test(raw)) return false;
    throw new Rule('must be true or false (on or off)');
  });
}

export function text<T extends string | null>(
  fallback: T | ((production: boolean) => T),
  shown: string,
  meaning: string,
) {
  return setting<string | T>(fallback, shown, meaning, (raw) => raw);
}

/** `path` is what the path must look like, and how that is said. */
export function url(
  protocols: readonly string[],
  fallback: string | null,
  shown: string,
  meaning: string,
  [path, rule]: [path: RegExp, rule: string] = [/^/, ''],
) {
  return setting<string | null>(fallback, shown, meaning, (raw) => {
    const parsed = URL.canParse(raw) ? new URL(raw) : null;
    if (!parsed || !protocols.includes(parsed.protocol) || !parsed.hostname) {
      throw new Rule(`must be a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`);
    }
    const { username, password, pathname } = parsed;
    if (![username, password, pathname].every(isDecodable)) {
      throw new Rule('must have its special characters percent-encoded (RFC 3986, section 2.1), as %25 for %');
    }
    if (!path.test(pathname)) throw new Rule(rule);
    return raw;
  });
}

function isDecodable(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return false;
  }
}

export function origins(shown: string, meaning: string): Setting<string[]> {
  return setting<string[]>([], shown, meaning, (raw) =>
    split(raw).map((item) => {
      const exact = URL.canParse(item) && /^https?:$/.test(new URL(item).protocol) && new URL(item).origin === item;
      if (!exact) throw new Rule('must be a comma list of exact origins, like https://app.example.com');
      return item;
    }),
  );
}

const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal'];

/** Express's `trust proxy`, less its `true`, which would believe anyone. */
export function trustProxy(shown: string, meaning: string): Setting<number | string[] | null> {
  return setting<number | string[] | null>(null, shown, meaning, (raw) => {
    if (/^\d{1,2}$/.test(raw)) return Number(raw);
    const items = split(raw);
    const known = items.length > 0 && items.every((item) => isNetwork(item) || NETWORK_NAMES.includes(item));
    if (!known) throw new Rule('must be a number of hops or a comma list of addresses and CIDR ranges');
    return items;
  });
}

/** IPv6 that Express does not read: an interface's name, and an IPv4 address at the end of another prefix than this one. */
const UNREADABLE_IPV6 = /%|^(?!::ffff:)[^.]*:[^.]*\./i;

/** An address, or an address with the length of a prefix. A length of 0 is refused: it would believe anyone, too. */
function isNetwork(item: string): boolean {
  const [address = '', prefix, ...rest] = item.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  if (bits === undefined || UNREADABLE_IPV6.test(address) || rest.length > 0) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits);
}

function pick<T extends string>(values: readonly T[], raw: string): T {
  if (!values.includes(raw as T)) throw new Rule(`must be one of ${values.join(', ')}`);
  return raw as T;
}

function split(raw: string): string[] {
  return raw
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

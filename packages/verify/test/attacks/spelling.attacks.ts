import { type Forge, signed } from './forgery.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A genuine token in another spelling: some verifiers take it, and then one token has two texts. */
export const RESPELLED: Record<string, Forge> = {
  'padding behind its signature': ({ token }) => `${token}==`,
  'padding inside': ({ parts }) => `${parts[0]}=.${parts[1]}.${parts[2]}`,
  'a blank behind its header': ({ token }) => token.replace('.', ' .'),
  'a space inside its signature': ({ token }) => `${token.slice(0, -10)} ${token.slice(-10)}`,
  'a signature with unused bits that are not zero': ({ token }) =>
    token.slice(0, -1) + ALPHABET[ALPHABET.indexOf(token.at(-1)!) + 1],
  'the other base64 alphabet': ({ token }) => `${token.slice(0, -10)}+/${token.slice(-8)}`,
  'blanks in its header’s JSON': ({ header, claims, key }) => signed(key, JSON.stringify(header, null, 1), claims),
  'blanks in its claims’ JSON': ({ header, claims, key }) => signed(key, header, JSON.stringify(claims, null, 1)),
  'a byte order mark before its claims': ({ header, claims, key }) =>
    signed(key, header, `\uFEFF${JSON.stringify(claims)}`),
  'bytes that are not UTF-8': ({ header, claims, key }) =>
    signed(key, header, Buffer.from(JSON.stringify({ ...claims, client_id: 'sallyp\xFFrt' }), 'latin1')),
};

/** A genuine token in a spelling that no HTTP header can carry. */
export const LINE_BROKEN: Record<string, Forge> = {
  'a line break inside its signature': ({ token }) => `${token.slice(0, -10)}\n${token.slice(-10)}`,
  'a line break behind it': ({ token }) => `${token}\n`,
};

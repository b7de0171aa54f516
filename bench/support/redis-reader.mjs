// Commands as Redis clients send them (RESP): `*count`, then for each word `$bytes` and the word.
import { join } from 'node:path';
import { root } from './services.mjs';

/** Tells `seen` of every command; a script is called by the name that our sources give it. */
export function redisReader(seen, scriptNames) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let found = command(rest); found; found = command(rest)) {
      const [name, digest] = found.words;
      seen(name.toUpperCase() === 'EVALSHA' ? (scriptNames.get(digest) ?? digest.slice(0, 8)) : name.toUpperCase());
      rest = rest.subarray(found.end);
    }
  };
}

/** The words of the first command in the buffer and where it ends, or null while it is incomplete. */
function command(buffer) {
  const words = [];
  let at = 0;
  const number = () => {
    const end = buffer.indexOf('\r\n', at);
    if (end < 0) return null;
    const value = Number(buffer.toString('latin1', at + 1, end));
    at = end + 2;
    return value;
  };
  const count = number();
  if (count === null) return null;
  for (let i = 0; i < count; i += 1) {
    const length = number();
    if (length === null || buffer.length < at + length + 2) return null;
    words.push(buffer.toString('utf8', at, at + length));
    at += length + 2;
  }
  return { words, end: at };
}

/** The names of our scripts by the digests under which a server knows them. */
export async function readScriptNames() {
  const load = (file) => import(join(root, 'dist/src/storage/redis', file));
  const { wholeText } = await load('redis-scripts.js');
  const { RedisTime } = await load('redis-clock.js');
  const files = await Promise.all(['session', 'token'].map((kind) => load(`scripts/${kind}.scripts.js`)));
  const scripts = files.flatMap((file) => Object.values(file));
  return new Map(scripts.map((script) => [wholeText(script, new RedisTime()).sha, script.name]));
}

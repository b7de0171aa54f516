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

/** The digests of our scripts, put together as the product does. */
export async function readScriptNames() {
  const load = (file) => import(join(root, 'dist/src/storage/redis', file));
  const { RedisScripts } = await load('redis-scripts.js');
  const { RedisTime } = await load('redis-clock.js');
  const names = new Map();
  for (const kind of ['session', 'token']) {
    for (const [name, script] of Object.entries(await load(`scripts/${kind}.scripts.js`))) {
      // A connection that takes the command down instead of sending it.
      const note = { prefix: '', send: async ([, digest]) => void names.set(digest, `${kind}.${name.toLowerCase()}`) };
      await new RedisScripts(note, new RedisTime()).run(script);
    }
  }
  return names;
}

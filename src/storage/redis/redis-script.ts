/** One act as Lua, and what it is called in a trace. `ARGV[1]` is the prefix of our keys. */
export interface RedisScript {
  readonly name: string;
  readonly lua: string;
}

export function script(name: string, lua: string): RedisScript {
  return { name, lua };
}

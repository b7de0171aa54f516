/** A line of the log before it is written. */
export interface LogLine {
  readonly time: Date;
  readonly level: string;
  readonly context: string;
  /** What is told, by name. A sentence stands under `message`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Control characters, those that turn the direction of writing, and those that end a line: none may act on who reads the log. */
const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** A value that needs no quotes beside others. */
const BARE = /^[\p{L}\p{N}\p{P}]+$/u;

/** One JSON object. The fields cannot take the place of what the line itself says. */
export function jsonLine({ time, level, context, fields }: LogLine): string {
  const own = { time: time.toISOString(), level, context };
  return escaped(JSON.stringify({ ...own, ...fields, ...own }));
}

/** For a person at a terminal: time, level and context in columns, then the sentence, then the other fields by name. */
export function plainLine({ time, level, context, fields }: LogLine): string {
  const { message, ...others } = fields;
  const named = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${plainValue(value)}`);
  const told = message === undefined ? named : [String(message), ...named];
  return escaped([time.toISOString(), level.padEnd(5), context.padEnd(11), ...told].join(' '));
}

function plainValue(value: unknown): string {
  if (typeof value === 'string' && BARE.test(value) && !/["=]/.test(value)) return value;
  return JSON.stringify(value);
}

/** As JSON escapes them, which every reader of it takes back. */
function escaped(text: string): string {
  return text.replace(ACTING, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

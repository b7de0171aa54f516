import { isRetired, type KeyTimes, signingAt } from '../keys/key-rotation.js';

type Named = KeyTimes & { alg?: string };

/** Which key signs, which will, and until when each is published. Nothing of the keys themselves. */
export function keysTable(keys: Named[], now: number): string {
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

/** `2026-03-01T12:00:00.000Z` */
export function iso(time: number): string {
  return new Date(time).toISOString();
}

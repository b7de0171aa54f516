import { LONGEST_LIFE_SECONDS } from '@sallyport/verify/rules';

/**
 * When a key signs and how long it is believed, as times in the keys file and nothing else: every instance switches by
 * `useFrom`, when the store's clock shows it. That clock, the one of the machine on which the file is written and those of
 * verifiers may differ by `CLOCK_DIFFERENCE_MS` and no more. Times are milliseconds since the epoch.
 */
export interface KeyTimes {
  readonly kid: string;
  /** From when it signs; absent: from the start. */
  readonly useFrom?: number;
  /** From when it is neither believed nor published; absent: never. */
  readonly retireAt?: number;
}

/** A key cannot be rotated or retired as asked. The message is for whoever asked. */
export class RotationError extends Error {}

/** How long others may keep the key set that we publish. */
export const JWKS_MAX_AGE_MS = 300_000;
export const CLOCK_DIFFERENCE_MS = 5_000;
/** From its publication to its first signature: by then every copy of the older set has run out. */
export const LEAD_MS = JWKS_MAX_AGE_MS + 300_000;
/**
 * From the first signature of the next key to the end of this one: what an instance with a late clock signs with it last
 * must run out, by the late clock of a verifier too.
 */
export const TAIL_MS = LONGEST_LIFE_SECONDS * 1000 + 2 * CLOCK_DIFFERENCE_MS + JWKS_MAX_AGE_MS;
/** A retired key stays in the file for a day, for whoever asks what became of it. */
export const RETIRED_KEPT_MS = 86_400_000;

/** The key that signs at that time: of those whose time has come the latest, and of equals the first. */
export function signingAt<K extends KeyTimes>(keys: readonly K[], time: number): K | null {
  const due = keys.filter((key) => startOf(key) <= time && !isRetired(key, time));
  return due.reduce<K | null>((best, key) => (best && startOf(best) >= startOf(key) ? best : key), null);
}

export function isRetired({ retireAt = Infinity }: KeyTimes, now: number): boolean {
  return retireAt <= now;
}

/**
 * The keys with a new one that is published at once and signs once everybody knows it; those it replaces are believed until
 * the last token they signed has run out. Throws `RotationError` when there would be a time without a signing key.
 */
export function rotate<K extends KeyTimes>(keys: readonly K[], fresh: K, now: number): K[] {
  const useFrom = now + LEAD_MS;
  const rotated = [{ ...fresh, useFrom }, ...remembered(keys, now).map((key) => retiringBy(key, useFrom + TAIL_MS))];
  const ends = rotated.map(({ retireAt }) => retireAt).filter((end) => end !== undefined && end > now && end < useFrom);
  if ([now, ...(ends as number[])].some((time) => !signingAt(rotated, time)))
    throw new RotationError('No key signs until a new one may: use rotate --now.');
  return rotated;
}

/**
 * The keys with a new one that signs at once, although nobody knows it yet: for a key that is no longer to be trusted. Keys
 * that were waiting for their time have signed nothing and are dropped.
 */
export function rotateNow<K extends KeyTimes>(keys: readonly K[], fresh: K, now: number): K[] {
  const kept = remembered(keys, now).filter((key) => startOf(key) <= now + CLOCK_DIFFERENCE_MS);
  // Due on an instance whose clock is late, too, and yet the latest.
  const useFrom = Math.max(now - CLOCK_DIFFERENCE_MS, ...kept.map(startOf));
  return [{ ...fresh, useFrom }, ...kept.map((key) => retiringBy(key, now + TAIL_MS))];
}

/**
 * The keys with one of them retired now, its tokens with it. When it was the one that signs, the next signs at once. Throws
 * `RotationError` when there is no such key, or no other key that could sign in its place.
 */
export function retire<K extends KeyTimes>(keys: readonly K[], kid: string, now: number): K[] {
  const retired = keys.find((key) => key.kid === kid);
  if (!retired) throw new RotationError('There is no key with that kid.');
  if (isRetired(retired, now)) return [...keys];
  const others = keys.filter((key) => key !== retired);
  // Over on an instance whose clock is late, too.
  const past = { ...retired, retireAt: now - CLOCK_DIFFERENCE_MS };
  if (signingAt(keys, now) === retired) return [...withSuccessor(others, retired, now), past];
  return [...(startOf(retired) > now ? withoutPlanFor(retired, others, now) : others), past];
}

/** Prefers a key that signs by now and has no end. Otherwise the next key starts early. A key with an end never takes over. */
function withSuccessor<K extends KeyTimes>(others: readonly K[], retired: K, now: number): K[] {
  const stays = others.filter(({ retireAt }) => retireAt === undefined);
  if (signingAt(stays, now)) return [...others];
  const next = firstAfter(others, now, now);
  if (!next)
    throw new RotationError(
      'It is the only key that can sign. Make another with rotate --now, which signs at once, and then retire this one.',
    );
  const useFrom = Math.max(now - CLOCK_DIFFERENCE_MS, startOf(retired));
  return [{ ...next, useFrom }, ...others.filter((key) => key !== next)];
}

/** The retired key will never sign, so the key that it was to replace goes on until the next one, or for good. */
function withoutPlanFor<K extends KeyTimes>(retired: K, others: readonly K[], now: number): K[] {
  const before = signingAt(others, startOf(retired));
  if (!before)
    throw new RotationError('No key would sign from the time when this one is to: rotate first, then retire this one.');
  if (before.retireAt === undefined) return [...others];
  const next = firstAfter(others, startOf(retired), now);
  const retireAt = next ? Math.max(before.retireAt, startOf(next) + TAIL_MS) : undefined;
  return others.map((key) => (key === before ? { ...key, retireAt } : key));
}

function firstAfter<K extends KeyTimes>(keys: readonly K[], time: number, now: number): K | null {
  const later = keys.filter((key) => startOf(key) > time && !isRetired(key, now));
  return later.reduce<K | null>((best, key) => (best && startOf(best) <= startOf(key) ? best : key), null);
}

function remembered<K extends KeyTimes>(keys: readonly K[], now: number): K[] {
  return keys.filter(({ retireAt = Infinity }) => retireAt + RETIRED_KEPT_MS > now);
}

function retiringBy<K extends KeyTimes>(key: K, time: number): K {
  return { ...key, retireAt: Math.min(key.retireAt ?? Infinity, time) };
}

function startOf({ useFrom = 0 }: KeyTimes): number {
  return useFrom;
}

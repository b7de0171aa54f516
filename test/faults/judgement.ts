import type { Act } from './ledger.js';

/** What must not be, and the act that shows it. */
export interface Finding {
  /** The standing invariant that is broken. */
  readonly invariant: 'S1' | 'S2' | 'S3' | 'S4' | 'S5';
  readonly says: string;
  readonly act: Act;
}

export interface Bounds {
  /** How long an ended session may still be let in by another instance than the one that ended it. Milliseconds. */
  readonly elsewhereMs: number;
  /** How long any answer may take. Milliseconds. */
  readonly answerMs: number;
  /** How long a refresh whose answer was lost may be repeated. After that its token counts as stolen. Milliseconds. */
  readonly graceMs: number;
  /** When the store lost every session that it had. */
  readonly forgotten?: readonly Span[];
}

/** Milliseconds. Something happened between these, and nobody knows when. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** From this moment on something is over for this instance, and for the others within the bound. */
interface End {
  readonly at: number;
  readonly instance: number;
}

type Find = (invariant: Finding['invariant'], act: Act, says: string) => void;

/**
 * What is wrong with a history. It is read as clients saw it: an act that was acknowledged was done at some moment between its
 * start and its answer, one that was left open was done at any moment after its start, or never.
 */
export function judge(history: readonly Act[], bounds: Bounds): Finding[] {
  const findings: Finding[] = [];
  const find: Find = (invariant, act, says) => void findings.push({ invariant, act, says });
  for (const act of history) judgeAnswer(act, bounds, find);
  for (const acts of groupedBy(history, ({ user }) => user).values()) {
    judgeSessions(acts, bounds, find);
    judgePasswords(acts, find);
    judgeUser(acts, find);
    judgeTokens(acts, find);
  }
  return findings;
}

function judgeAnswer(act: Act, { answerMs }: Bounds, find: Find): void {
  const tookMs = act.answeredAt - act.startedAt - act.heldUpMs;
  if (act.flaw?.startsWith('malformed')) find('S3', act, `an answer was ${act.flaw}`);
  if (act.outcome === 'odd') find('S3', act, `${act.kind} was answered ${act.status} ${act.code ?? ''}`);
  if (tookMs > answerMs) find('S3', act, `${act.kind} was answered after ${Math.round(tookMs)} ms`);
}

function judgeSessions(acts: readonly Act[], bounds: Bounds, find: Find): void {
  const { elsewhereMs, graceMs, forgotten = [] } = bounds;
  const shown = groupedBy(acts, (act) => letIn(act) ?? turnedAway(act));
  for (const birth of acts) {
    if (birth.begun === undefined) continue;
    const lostAt = Math.min(...forgotten.filter(({ to }) => birth.startedAt <= to).map(({ from }) => from));
    const asked = acts.filter((act) => mayEnd(act, birth)).map(({ startedAt }) => startedAt);
    const doubtfulFrom = Math.min(lostAt, ...asked, ...outdated(acts, birth, graceMs));
    // What ended after the store had lost the session is told by its signature alone, and that is written down as a limit.
    const ends = acts.flatMap((act) => endOf(act, birth, acts)).filter(({ at }) => at < lostAt);
    for (const act of shown.get(birth.begun) ?? []) {
      if (letIn(act) === undefined) {
        if (act.answeredAt < doubtfulFrom) find('S4', act, `a live session was turned away: ${act.code}`);
        continue;
      }
      const late = ends.find(({ at, instance }) => act.startedAt > at + (instance === act.instance ? 0 : elsewhereMs));
      if (late) find('S1', act, `an ended session was let in ${Math.round(act.startedAt - late.at)} ms after its end`);
    }
  }
}

/** The session that this act shows to be live. A logout is answered alike for a dead one. */
function letIn({ kind, outcome, status, session }: Act): string | undefined {
  const isProof = kind !== 'logout' && (outcome === 'done' || status === 403 || status === 404);
  return isProof ? session : undefined;
}

/**
 * The session that this act says to be over. A use with a superseded token is no such word: a newer token was issued while it was
 * under way. A refresh with one is: its client has no newer one.
 */
function turnedAway({ kind, outcome, status, session, target }: Act): string | undefined {
  if (kind === 'endDevice' && status === 404) return target;
  if (outcome === 'superseded') return kind === 'refresh' ? session : undefined;
  return status === 401 ? session : undefined;
}

/** Whether this act has ended the session that was begun by `birth`, or may have, or may yet. */
function mayEnd(act: Act, birth: Act): boolean {
  if (act.outcome !== 'done' && act.outcome !== 'open') return false;
  if (act.outcome === 'done' && birth.startedAt > act.answeredAt) return false;
  if (act.kind === 'logout') return act.session === birth.begun;
  if (act.kind === 'endDevice') return act.target === birth.begun;
  if (act.kind === 'endOthers') return act.session !== birth.begun;
  return act.kind === 'password' && act !== birth;
}

/** When a client whose refresh was not answered, and who has not repeated it in time, begins to look like a thief. */
function outdated(acts: readonly Act[], birth: Act, graceMs: number): number[] {
  const refreshes = acts.filter(({ kind, session }) => kind === 'refresh' && session === birth.begun);
  const ends = refreshes
    .filter(({ outcome }) => outcome === 'open')
    .map((open) => ({ open, at: open.startedAt + graceMs }));
  const isRepeated = ({ open, at }: { open: Act; at: number }): boolean =>
    refreshes.some((act) => act.outcome === 'done' && act.answeredAt > open.startedAt && act.answeredAt < at);
  return ends.filter((end) => !isRepeated(end)).map(({ at }) => at);
}

/** When this act shows the session that was begun by `birth` to have ended. */
function endOf(act: Act, birth: Act, acts: readonly Act[]): End[] {
  const { answeredAt: at, instance } = act;
  if (act.outcome === 'refused') return turnedAway(act) === birth.begun ? [{ at, instance }] : [];
  if (!mayEnd(act, birth)) return [];
  if (act.kind === 'password') return act.password === passwordBehind(birth) ? effectOf(act, acts) : [];
  // A session that began while the others were being ended may have begun after that.
  const isSure = act.kind !== 'endOthers' || birth.answeredAt < act.startedAt;
  return act.outcome === 'done' && isSure ? [{ at, instance }] : [];
}

function passwordBehind(birth: Act): string | undefined {
  return birth.kind === 'password' ? birth.next : birth.password;
}

/** A change of a password that was left open is known to have been made once the new password is accepted. */
function effectOf({ outcome, answeredAt, instance, next }: Act, acts: readonly Act[]): End[] {
  if (outcome === 'done') return [{ at: answeredAt, instance }];
  if (outcome !== 'open') return [];
  const used = acts
    .filter((act) => accepts(act) === next)
    .map((act) => ({ at: act.answeredAt, instance: act.instance }));
  return used.sort((a, b) => a.at - b.at).slice(0, 1);
}

function judgePasswords(acts: readonly Act[], find: Find): void {
  for (const password of new Set(acts.flatMap((act) => act.password ?? []))) {
    const shown = acts.filter((act) => accepts(act) === password || refuses(act) === password);
    const setBy = acts.filter((act) => sets(act, password)).map(({ answeredAt }) => answeredAt);
    const knownFrom = Math.min(...setBy, ...shown.filter(accepts).map(({ answeredAt }) => answeredAt));
    const changes = acts.filter(
      ({ kind, outcome, password: old }) =>
        kind === 'password' && old === password && (outcome === 'done' || outcome === 'open'),
    );
    const doubtfulFrom = Math.min(...changes.map(({ startedAt }) => startedAt));
    const overAt = Math.min(...changes.flatMap((change) => effectOf(change, acts)).map(({ at }) => at));
    for (const act of shown) {
      if (accepts(act) && act.startedAt > overAt) find('S1', act, 'a password was accepted after its change');
      if (accepts(act) || act.startedAt < knownFrom) continue;
      if (act.answeredAt < doubtfulFrom) find('S2', act, 'a password was refused that nobody has changed');
      else if (changes.every((change) => isLost(change, act, acts)))
        find('S2', act, 'neither the old nor the new password was accepted');
    }
  }
}

/** The password that this act shows to be the user's. */
function accepts({ kind, outcome, password }: Act): string | undefined {
  return (kind === 'login' || kind === 'password') && outcome === 'done' ? password : undefined;
}

/** The password that this act says not to be the user's. */
function refuses({ kind, outcome, status, password }: Act): string | undefined {
  const isRefusal = kind === 'login' ? outcome === 'refused' : kind === 'password' && status === 403;
  return isRefusal ? password : undefined;
}

/** Whether after this act the password is known to be the user's. Who registers again hears that the first time was done. */
function sets({ kind, outcome, password, next }: Act, expected: string): boolean {
  if (kind === 'register') return password === expected && (outcome === 'done' || outcome === 'refused');
  return kind === 'password' && next === expected && outcome === 'done';
}

/** Whether the new password of a change that was left open was refused after the old one had been. */
function isLost({ outcome, next }: Act, old: Act, acts: readonly Act[]): boolean {
  return outcome === 'open' && acts.some((act) => refuses(act) === next && act.startedAt > old.answeredAt);
}

function judgeUser(acts: readonly Act[], find: Find): void {
  const registers = acts.filter(({ kind }) => kind === 'register');
  const [, second] = registers.filter(({ outcome }) => outcome === 'done');
  if (second) find('S5', second, 'two users were made for one e-mail address');
  for (const act of registers) {
    const isFirst = registers.every((other) => other === act || other.startedAt > act.answeredAt);
    if (act.outcome === 'refused' && isFirst) find('S5', act, 'an e-mail address was taken that nobody had');
  }
}

function judgeTokens(acts: readonly Act[], find: Find): void {
  const successors = new Map<string, string>();
  for (const act of acts) {
    if (act.handed === undefined || act.presented === undefined) continue;
    const successor = successors.get(act.presented) ?? act.handed;
    if (successor !== act.handed) find('S5', act, 'one token was given two successors');
    successors.set(act.presented, successor);
  }
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

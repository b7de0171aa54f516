import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from '../support/client.js';

export type Kind = 'register' | 'login' | 'use' | 'refresh' | 'logout' | 'endDevice' | 'endOthers' | 'password';

/** What somebody asks for. Sessions are called by their ids, users by their e-mail. */
export interface Wish {
  readonly kind: Kind;
  /** The number of the instance that is asked. */
  readonly instance: number;
  readonly user: string;
  /** The session whose credential goes with it. */
  readonly session?: string;
  /** The other session, to be ended by name. */
  readonly target?: string;
  /** The password that is shown. */
  readonly password?: string;
  /** The password that is to follow it. */
  readonly next?: string;
  /** The digest of the long-lived token that is shown to a refresh. */
  readonly presented?: string;
}

/** A wish and what became of it. Times are milliseconds of one monotonic clock. */
export interface Act extends Wish {
  /** When it was to be sent, and when it was: apart only where this process was late itself. */
  readonly plannedAt: number;
  readonly startedAt: number;
  /** Infinity while there is no answer. */
  answeredAt: number;
  /** How long the machine has held up this process or the instance meanwhile. */
  heldUpMs: number;
  /**
   * `done`: acknowledged. `refused`: what was shown is said to be over or wrong. `open`: nobody knows, nobody was told.
   * `superseded`: a newer token is to be used. `odd`: an answer that should not be.
   */
  outcome: 'done' | 'refused' | 'open' | 'superseded' | 'odd';
  /** Null without an answer. */
  status: number | null;
  code?: string;
  /** What a refusal says. */
  detail?: string;
  /** What was wrong with the answer itself. */
  flaw?: string;
  /** The session that it began. */
  begun?: string;
  /** The digest of the long-lived token that a refresh handed out. */
  handed?: string;
}

/** After this a request counts as hung. */
const HUNG_MS = 12_000;

/** What acknowledges an act. The route that asks the guard alone answers 404 to whoever is let in. */
const DONE: Record<Kind, readonly number[]> = {
  register: [201],
  login: [200],
  use: [200, 404],
  refresh: [200],
  logout: [204],
  endDevice: [204],
  endOthers: [200],
  password: [200],
};

/** Statuses beside 401 that say that what was shown or named is over, taken or wrong. */
const REFUSED: Partial<Record<Kind, number>> = { register: 409, endDevice: 404, password: 403 };

/** Every act, written down before it is sent and again when it is answered. */
export class Ledger {
  readonly acts: Act[] = [];

  /** @param heldUpMs how long the machine has held up this process or that instance, in all. */
  constructor(private readonly heldUpMs: (instance: number) => number) {}

  async write(wish: Wish, plannedAt: number, send: () => Promise<Reply>): Promise<{ act: Act; reply: Reply | null }> {
    const heldUpBefore = this.heldUpMs(wish.instance);
    const act: Act = {
      ...wish,
      ...{ plannedAt, startedAt: performance.now(), answeredAt: Infinity, heldUpMs: 0, outcome: 'open', status: null },
    };
    this.acts.push(act);
    const reply = await this.answer(act, send);
    act.answeredAt = performance.now();
    // Another process may be there by now.
    act.heldUpMs = Math.max(0, this.heldUpMs(wish.instance) - heldUpBefore);
    if (reply === null) return { act, reply };
    act.status = reply.status;
    act.code = reply.code;
    act.detail = (reply.body as { detail?: string }).detail;
    act.outcome = outcomeOf(act.kind, reply);
    if (act.outcome !== 'done') return { act, reply: null };
    const { session } = reply.body as { session?: { id: string } };
    if (act.kind === 'login' || act.kind === 'password') act.begun = session?.id;
    return { act, reply };
  }

  private async answer(act: Act, send: () => Promise<Reply>): Promise<Reply | null> {
    const giveUp = new AbortController();
    const hung = pause(HUNG_MS, 'hung' as const, { signal: giveUp.signal }).catch(() => 'hung' as const);
    try {
      const answer = await Promise.race([send(), hung]);
      if (answer !== 'hung') return answer;
      act.flaw = `hung for ${HUNG_MS} ms`;
    } catch (error) {
      act.flaw = flawOf(error);
    } finally {
      giveUp.abort();
    }
    return null;
  }
}

export function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url').slice(0, 12);
}

function outcomeOf(kind: Kind, { status, code }: Reply): Act['outcome'] {
  if (DONE[kind].includes(status)) return 'done';
  if (status === 503) return 'open';
  if (code === 'token_superseded') return 'superseded';
  if (status === 401 || status === REFUSED[kind]) return 'refused';
  return 'odd';
}

/** `fetch` says `TypeError` for every connection that ended, and the client's own looks at a refusal throw what they expected. */
function flawOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  if (name !== 'TypeError' || message !== 'fetch failed') return `malformed: ${message}`;
  return cause?.code === 'ECONNREFUSED' ? 'not connected' : `cut (${cause?.code})`;
}

import pg from 'pg';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { eventually } from '../support/eventually.js';
import { MARKER } from './crowd.js';
import { judge, type Span } from './judgement.js';
import type { Act, Ledger } from './ledger.js';
import { type Residue, residueOf } from './residue.js';
import { GRACE_SECONDS, type Instance, type Site } from './site.js';

/** The contract: an answer within 3.2 s, and in jwt mode a session that ended elsewhere let in for a second at most. */
const ANSWER_MS = 3200;
const ELSEWHERE_MS = { session: 0, jwt: 1000 };

/** A pool opens its connections when it needs them, so that an instance may hold some more than at first; a leak goes on. */
const MORE_DESCRIPTORS = 24;
const MOST_MB = 450;
const IDLE_WITHIN_MS = 5000;

const SECRET = new RegExp(`${MARKER}|(?:ses|ref)_[\\w-]{43}|eyJ[\\w-]+\\.eyJ|\\$argon2|BEGIN [A-Z ]*PRIVATE`);
const TROUBLE = /unhandled|uncaught|internal_error|MaxListenersExceeded|TypeError|ReferenceError/i;

/** The standing invariants S1 to S8: the one place that says whether they hold. */
export class Invariants {
  private readonly before: Residue[];
  private judged = 0;
  private readonly forgotten: Span[] = [];

  constructor(
    private readonly site: Site,
    private readonly ledger: Ledger,
  ) {
    this.before = site.instances.map(residue);
  }

  /** The store has lost every session: whether one still counts is not asked any more, ended ones stay ended. */
  forget(lost: Span): void {
    this.forgotten.push(lost);
  }

  /** What was broken since the last time, a sentence each. */
  async broken(mayCut: boolean): Promise<string[]> {
    const news = this.ledger.acts.slice(this.judged);
    const findings = [...this.ofHistory(new Set(news)), ...(mayCut ? [] : cuts(news))];
    this.judged = this.ledger.acts.length;
    findings.push(...(await this.ofStores()), ...this.ofProcesses(), ...this.ofOutput());
    return findings;
  }

  private ofHistory(news: ReadonlySet<Act>): string[] {
    const { mode } = this.site.column;
    const times = { elsewhereMs: ELSEWHERE_MS[mode], answerMs: ANSWER_MS, graceMs: GRACE_SECONDS * 1000 };
    const bounds = { ...times, forgotten: this.forgotten };
    const findings = judge(this.ledger.acts, bounds).filter(({ act }) => news.has(act));
    return findings.map(({ invariant, says, act }) => `${invariant} ${says} (${told(act)})`);
  }

  /** S5, S7: no half state, nobody in the middle of a transaction. */
  private async ofStores(): Promise<string[]> {
    const { database, redis } = this.site;
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    const rows = async (sql: string): Promise<number> => (await client.query(sql)).rowCount!;
    const found: [invariant: string, count: number][] = [
      ['S5 e-mail addresses with two users', await rows(TWICE_REGISTERED)],
      ['S5 generations with two tokens', await rows(FORKED)],
      ['S5 sessions without their token', await rows(WITHOUT_TOKEN)],
    ];
    const busy = (): Promise<number> => rows(BUSY);
    await eventually(async () => (await busy()) === 0, IDLE_WITHIN_MS).catch(() => undefined);
    found.push(['S7 connections that are not idle', await busy()]);
    await client.end();
    if (redis) found.push(['S5 sessions in Redis in half', await halfSessions(redis.url)]);
    return found.filter(([, count]) => count > 0).map(([what, count]) => `${what}: ${count}`);
  }

  /** S6, S7 */
  private ofProcesses(): string[] {
    return this.site.instances.flatMap((instance, number) => {
      const { isRunning, program } = instance.service;
      if (!isRunning) return [`S6 instance ${number} has ended: ${program.output.slice(-300)}`];
      const { descriptors, residentMb } = residue(instance);
      const before = this.before[number]!.descriptors;
      return [
        ...(descriptors > before + MORE_DESCRIPTORS ? [`S7 ${descriptors} descriptors, before ${before}`] : []),
        ...(residentMb > MOST_MB ? [`S7 ${Math.round(residentMb)} MB resident`] : []),
      ];
    });
  }

  /** S6, S8 */
  private ofOutput(): string[] {
    const lines = this.site.output.split('\n');
    const secret = lines.find((line) => SECRET.test(line));
    const trouble = lines.find((line) => TROUBLE.test(line));
    return [
      ...(secret ? [`S8 the output holds a secret: ${secret.replace(SECRET, '…').slice(0, 80)}`] : []),
      ...(trouble ? [`S6 the output tells of a mistake: ${trouble.slice(0, 300)}`] : []),
    ];
  }
}

/** S3: every request is answered. Only where an instance is killed or refuses connections may one go without. */
function cuts(acts: readonly Act[]): string[] {
  const flawed = acts.filter(({ status, flaw }) => status === null && !flaw?.startsWith('malformed'));
  return flawed.slice(0, 3).map((act) => `S3 no answer: ${act.flaw} (${told(act)}), one of ${flawed.length}`);
}

function told({ kind, instance, status, startedAt, answeredAt, session, user }: Act): string {
  const who = `${user.slice(5, 13)}${session ? ` ${session.slice(-6)}` : ''}`;
  const when = `${Math.round(startedAt)} to ${Math.round(answeredAt)}`;
  return `${kind} by ${who} at instance ${instance}, ${when} ms: ${status}`;
}

function residue({ service }: Instance): Residue {
  return residueOf(service.program.child.pid!, Number(new URL(service.url).port));
}

const TWICE_REGISTERED = 'SELECT 1 FROM sallyport.users GROUP BY email HAVING count(*) > 1';
const FORKED = 'SELECT 1 FROM sallyport.refresh_tokens GROUP BY session_id, generation HAVING count(*) > 1';
const WITHOUT_TOKEN = `SELECT 1 FROM sallyport.sessions s WHERE NOT EXISTS (
  SELECT 1 FROM sallyport.refresh_tokens t WHERE t.session_id = s.id AND t.generation = s.generation)`;
const BUSY = `SELECT 1 FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'idle'
    AND (state LIKE 'idle in transaction%' OR now() - query_start > interval '1 s')`;

/** Sessions whose newest token is missing, or that have two of one generation. */
async function halfSessions(url: string): Promise<number> {
  const redis = await RedisConnection.connect({ url, replyWithinMs: 10_000 });
  const count = await redis.send(['EVAL', HALF, '0']);
  await redis.close();
  return Number(count);
}

const HALF = `
local half = 0
for _, key in ipairs(redis.call('KEYS', 'sallyport:session:*')) do
  local id = string.sub(key, 19)
  local generation = redis.call('HGET', key, 'generation')
  if redis.call('ZCOUNT', 'sallyport:tokens:' .. id, generation, generation) ~= 1 then half = half + 1 end
end
return half`;

import { writeFileSync } from 'node:fs';
import type { Fault } from './fault.js';
import type { Column } from './site.js';
import type { Outcome } from './storm.js';

const MOST_TOLD = 8;

/** Some of what was broken, of each invariant something. */
export function samples(broken: readonly string[]): string[] {
  const firsts = new Map(broken.toReversed().map((sentence) => [sentence.slice(0, 2), sentence]));
  return [...new Set([...firsts.values(), ...broken])].slice(0, MOST_TOLD);
}

/** What was seen, each figure beside its mark. */
export class Outcomes {
  private readonly rows: string[][] = [];

  add({ fault, column, acts, unavailable, slowestMs, readyMs, broken }: Outcome): void {
    const verdict = broken.length === 0 ? 'holds' : `**${broken.length} broken**`;
    const figures = [acts, unavailable, slowestMs, readyMs].map(String);
    this.write([fault, column, ...figures, verdict]);
    for (const sentence of samples(broken)) process.stdout.write(`  ${sentence}\n`);
  }

  skip({ id, name }: Fault, { mode, store }: Column, reason: string): void {
    this.write([`${id} ${name}`, `${mode} ${store}`, '–', '–', '–', '–', `not run: ${reason}`]);
  }

  /** A run of all faults takes a while: it shows how far it is. */
  private write(row: string[]): void {
    this.rows.push(row);
    process.stdout.write(`${row.join(' | ')}\n`);
  }

  /** To the output of the run, and into a file when `FAULTS_TABLE` names it. */
  tell(): void {
    const head = ['fault', 'column', 'acts', '503s', 'slowest answer, ms', 'ready again, ms', 'S1 to S8'];
    const lines = [head, head.map(() => '---'), ...this.rows].map((row) => `| ${row.join(' | ')} |`);
    process.stdout.write(`\n${lines.join('\n')}\n`);
    if (process.env.FAULTS_TABLE) writeFileSync(process.env.FAULTS_TABLE, `${lines.join('\n')}\n`);
  }
}

import { writeFileSync } from 'node:fs';
import type { Fault } from './fault.js';
import type { Column } from './site.js';
import type { Outcome } from './storm.js';

const MOST_TOLD = 8;
const HEAD = ['fault', 'column', 'acts', '503s', 'slowest answer, ms', 'ready again, ms', 'S1 to S8'];

/** Some of what was broken, of each invariant something. */
export function samples(broken: readonly string[]): string[] {
  const firsts = new Map(broken.toReversed().map((sentence) => [sentence.slice(0, 2), sentence]));
  return [...new Set([...firsts.values(), ...broken])].slice(0, MOST_TOLD);
}

/** What was seen, each figure beside its mark. */
export class Outcomes {
  private readonly outcomes: Outcome[] = [];
  private readonly skipped: string[][] = [];

  add(outcome: Outcome): void {
    this.outcomes.push(outcome);
    // A run of all faults takes a while: it shows how far it is.
    process.stdout.write(`${rowOf(outcome).join(' | ')}\n`);
    for (const sentence of samples(outcome.broken)) process.stdout.write(`  ${sentence}\n`);
  }

  skip({ id, name }: Fault, { mode, store }: Column, reason: string): void {
    this.skipped.push([`${id} ${name}`, `${mode} ${store}`, '–', '–', '–', '–', `not run: ${reason}`]);
  }

  /** Every fault in every column to the output of the run; the worst of all columns into a file when `FAULTS_TABLE` names it. */
  tell(): void {
    process.stdout.write(`\n${tableOf([...this.outcomes.map(rowOf), ...this.skipped])}`);
    if (process.env.FAULTS_TABLE) writeFileSync(process.env.FAULTS_TABLE, tableOf([...this.worst(), ...this.skipped]));
  }

  private worst(): string[][] {
    const faults = [...new Set(this.outcomes.map(({ fault }) => fault))];
    return faults.map((name) => {
      const all = this.outcomes.filter(({ fault }) => fault === name);
      const [acts, unavailable] = [sum(all.map(({ acts }) => acts)), sum(all.map((one) => one.unavailable))];
      const slowestMs = Math.max(...all.map((one) => one.slowestMs));
      const readyMs = Math.max(...all.map((one) => one.readyMs));
      const broken = all.flatMap((one) => one.broken);
      return rowOf({ fault: name, column: `all ${all.length}`, acts, unavailable, slowestMs, readyMs, broken });
    });
  }
}

function rowOf({ fault, column, acts, unavailable, slowestMs, readyMs, broken }: Outcome): string[] {
  const verdict = broken.length === 0 ? 'hold' : `**${broken.length} broken**`;
  return [fault, column, ...[acts, unavailable, slowestMs, readyMs].map(String), verdict];
}

function tableOf(rows: readonly string[][]): string {
  return [HEAD, HEAD.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

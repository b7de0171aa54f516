import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { limitsTable } from '../../src/limits/limits-table.js';
import { ASVS, type AsvsRow } from './asvs.js';
import { LOG_LINES, SECRETS } from './inventory.js';
import { NUMBERS } from './numbers.js';
import { idsOf, type TitledTest, titledTests } from './titled-tests.js';

const ROOT = join(__dirname, '../..');
export const PAGE = join(ROOT, 'docs/security.md');

const INTRODUCTION = `# Security

Made from the tests and the code by \`npm run security-page\`; a test fails when it is out of date, and when a requirement has lost its tests.

The first part goes from OWASP ASVS 5.0, in our words, to the requirements of [requirements.md](requirements.md), and from those to the tests that show them.
Rows of ASVS that are not listed were not assessed. The second part is every number that protects an account, as the code has it, with its reason.`;

const TESTS = `## The tests

**session, jwt** is the whole service in that mode; **part** is one part alone, which is the same in both. Titles hold \`%s\` where one test stands for many cases.`;

const RATE_LIMITS = `### Rate limits and lockout

Nothing locks an account for longer than a quarter of an hour, and a known device is not locked out by others ([why these](decisions/0008-limits.md)).

${limitsTable()}`;

/** The ids and sentences of docs/requirements.md, in their order. */
export function requirements(): ReadonlyMap<string, string> {
  const rows = readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8').matchAll(
    /^\| ([RIL][\d.]+) \| (.*) \| .*\|$/gm,
  );
  return new Map([...rows].map(([, id, sentence]) => [id!, sentence!]));
}

/** The ids that must have a test: those that the map names, and every requirement on security, each once. */
export function shownIds(): string[] {
  const mapped = Object.values(ASVS).flatMap((rows) => rows.flatMap(({ met }) => met));
  return [...new Set([...mapped, ...[...requirements().keys()].filter((id) => id.startsWith('R'))])];
}

/** The tests whose titles carry each id. */
export function testsById(): ReadonlyMap<string, TitledTest[]> {
  const found = new Map<string, TitledTest[]>();
  for (const test of titledTests())
    for (const id of new Set(idsOf(test.title))) found.set(id, [...(found.get(id) ?? []), test]);
  return found;
}

export function securityPage(): string {
  const chapters = Object.entries(ASVS).map(([title, rows]) => `### ${title}\n\n${chapter(rows)}`);
  const numbers = Object.entries(NUMBERS).map(
    ([title, rows]) => `### ${title}\n\n${table(['', 'is', 'because'], rows)}`,
  );
  const parts = [
    [INTRODUCTION, '## OWASP ASVS 5.0', ...chapters],
    [TESTS, ...shown()],
    ['## The numbers', ...numbers, RATE_LIMITS],
    ['### What is logged', table(['context', 'tells', 'level'], LOG_LINES)],
    ['### Secrets', table(['secret', 'is kept as', 'is replaced'], SECRETS)],
  ];
  return `${parts.flat().join('\n\n')}\n`;
}

function chapter(rows: readonly AsvsRow[]): string {
  const met = ({ met, but }: AsvsRow): string => [met.map(link).join(', '), but].filter(Boolean).join('. ');
  return table(
    ['ASVS', 'level', 'asks for', 'met by'],
    rows.map((row) => [row.number, String(row.level), row.asks, met(row)]),
  );
}

const link = (id: string): string => `[${id}](#${id.toLowerCase().replace('.', '')})`;

/** Each requirement with its sentence and its tests. */
function shown(): string[] {
  const tests = testsById();
  const ids = new Set(shownIds());
  return [...requirements()]
    .filter(([id]) => ids.has(id))
    .map(([id, sentence]) => `### ${id}\n\n${sentence}.\n\n${(tests.get(id) ?? []).map(line).join('\n')}`);
}

function line({ file, title, modes }: TitledTest): string {
  return `- ${title} (\`${file}\`; ${modes.length > 0 ? modes.join(', ') : 'part'})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

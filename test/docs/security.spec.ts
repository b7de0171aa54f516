import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ASVS } from './asvs.js';
import { LOG_LINES } from './inventory.js';
import { PAGE, requirements, securityPage, shownIds, testsById } from './security-page.js';

describe('docs/security.md', () => {
  it('says what the tests and the code say (npm run security-page writes it anew) (R13.7)', () => {
    const page = securityPage();
    if (process.env.SECURITY_PAGE === 'write') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });

  it('names no requirement without a test whose title carries its id, and none that is not defined', () => {
    const due = shownIds();
    const tests = testsById();
    expect(due.filter((id) => !tests.has(id))).toEqual([]);
    expect(due.filter((id) => !requirements().has(id))).toEqual([]);
  });

  it('says of each row of ASVS what meets it, or why nothing does', () => {
    const rows = Object.values(ASVS).flat();
    expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length);
    expect(rows.filter(({ met, but }) => met.length === 0 && !but).map(({ number }) => number)).toEqual([]);
  });

  it('lists every context that the service logs under', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const text = sources.map((name) => readFileSync(`src/${name}`, 'utf8')).join('\n');
    const contexts = [...text.matchAll(/new Logger\('([\w-]+)'\)/g)].map(([, context]) => context!);
    const listed = LOG_LINES.map(([context]) => context);
    expect(contexts.filter((context) => !listed.includes(context))).toEqual([]);
  });
});

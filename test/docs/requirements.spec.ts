import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** It names every requirement, and tests none. */
const MAP = join(__dirname, 'asvs.ts');
const ID = /\b(?:R\d{1,2}\.\d{1,2}|[IL]\d{1,2})\b/g;

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
    .map((name) => join(ROOT, folder, name))
    .filter((path) => path !== __filename && path !== MAP);
}

it('every requirement that a comment or a test names is on the page, and every requirement on the page is tested or measured', () => {
  const defined = [...readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8').matchAll(/^\| ([RIL][\d.]+) \|/gm)];
  const ids = defined.map(([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  const idsIn = (folders: string[]): string[] =>
    folders.flatMap(sourcesUnder).flatMap((path) => readFileSync(path, 'utf8').match(ID) ?? []);
  expect(idsIn(['src', 'packages', 'bench', 'test', 'examples']).filter((id) => !ids.includes(id))).toEqual([]);
  const tested = new Set(idsIn(['test', 'src/contract', 'packages', 'bench']));
  expect(ids.filter((id) => !tested.has(id))).toEqual([]);
});

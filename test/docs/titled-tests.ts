import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { AuthMode } from '../../src/core/credential.js';
import { DIFFERENCES, type DifferenceName } from '../support/allowed-differences.js';

/** A test as its source says it. */
export interface TitledTest {
  readonly file: string;
  /** Its own title, behind those of the groups that it stands in. */
  readonly title: string;
  /** The modes of the whole service that it runs in. None: it shows a part alone, which is the same in both. */
  readonly modes: readonly AuthMode[];
}

const ROOT = join(__dirname, '../..');
const FOLDERS = ['src/contract', 'test', 'packages/verify/test', 'packages/embedded-postgres/test'];
const MODES: readonly AuthMode[] = ['session', 'jwt'];
const IN_EVERY_MODE = /\bin %s mode|\$\{mode\}/;
const IN_ONE_MODE = /\bin (session|jwt) mode/;
/** Folders whose tests are of one mode, whatever their titles say. */
const FOLDERS_OF_JWT = /^test\/(jwt|keys)\//;

/** Every test of the repository, in the order of the files. */
export function titledTests(): TitledTest[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(spec|contract)\.ts$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return files.sort().flatMap((file) => testsIn(file, readFileSync(join(ROOT, file), 'utf8')));
}

/** The ids of requirements in a title: those of the last pair of brackets. */
export function idsOf(title: string): string[] {
  return title.match(/\b(?:R\d{1,2}\.\d{1,2}|[IL]\d{1,2})\b/g) ?? [];
}

function testsIn(file: string, text: string): TitledTest[] {
  const found: TitledTest[] = [];
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    const call = ts.isCallExpression(node) ? titledCall(node) : null;
    const inside = call?.kind === 'describe' ? [...groups, call.title] : groups;
    if (call && call.kind !== 'describe') {
      const title = [...groups, call.title].join(' ');
      found.push({ file, title, modes: call.kind === 'scenario' ? call.modes : modesOf(file, title) });
    }
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), []);
  return found;
}

type Call = { title: string } & ({ kind: 'describe' | 'test' } | { kind: 'scenario'; modes: readonly AuthMode[] });

/** What the call of a function that groups or names tests says: `it`, `it.each(…)`, `describe`, `column.scenario` and the like. */
function titledCall({ expression, arguments: args }: ts.CallExpression): Call | null {
  const [title] = args;
  const name = nameOf(expression);
  if (!title || !name) return null;
  const text = ts.isStringLiteralLike(title) ? title.text : ts.isTemplateExpression(title) ? spelt(title) : null;
  if (text === null) return null;
  if (name === 'scenario') return { kind: 'scenario', title: text, modes: modesBeside(args.at(-1)!) };
  return { kind: name === 'describe' ? 'describe' : 'test', title: text };
}

function nameOf(callee: ts.Expression): string | null {
  if (ts.isIdentifier(callee)) return /^(it|test|describe|scenario)$/.test(callee.text) ? callee.text : null;
  if (ts.isCallExpression(callee)) return nameOf(callee.expression);
  if (!ts.isPropertyAccessExpression(callee)) return null;
  return callee.name.text === 'scenario' ? 'scenario' : nameOf(callee.expression);
}

function spelt({ head, templateSpans }: ts.TemplateExpression): string {
  const name = (expression: ts.Expression): string => (ts.isIdentifier(expression) ? expression.text : '…');
  return head.text + templateSpans.map((span) => `\${${name(span.expression)}}${span.literal.text}`).join('');
}

/** A scenario runs in both modes, unless the difference that its options name leaves one out. */
function modesBeside(options: ts.Expression): readonly AuthMode[] {
  if (!ts.isObjectLiteralExpression(options)) return MODES;
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isStringLiteralLike(property.initializer)) continue;
    const { holdsIn } = DIFFERENCES[property.initializer.text as DifferenceName];
    return MODES.filter((mode) =>
      (['cookie', 'bearer'] as const).some((transport) => holdsIn({ mode, transport, store: 'postgres' })),
    );
  }
  return MODES;
}

function modesOf(file: string, title: string): readonly AuthMode[] {
  if (FOLDERS_OF_JWT.test(file)) return ['jwt'];
  if (IN_EVERY_MODE.test(title)) return MODES;
  const [, mode] = IN_ONE_MODE.exec(title) ?? [];
  return mode ? [mode as AuthMode] : [];
}

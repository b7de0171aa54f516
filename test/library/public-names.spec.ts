import { join } from 'node:path';
import ts from 'typescript';

const SRC = join(__dirname, '..', '..', 'src');
const ENTRIES = ['sallyport.ts', 'testing.ts', 'contract/contract.ts'].map((entry) => join(SRC, entry));

const program = ts.createProgram(ENTRIES, {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  experimentalDecorators: true,
  skipLibCheck: true,
  types: [],
});
const checker = program.getTypeChecker();

const exported = new Set(
  ENTRIES.flatMap((entry) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!),
  ).map(origin),
);

function origin(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The types of ours that a declaration shows to whoever uses it. */
function shownBy(node: ts.Node): ts.Symbol[] {
  if (ts.isBlock(node) || ts.isDecorator(node) || ts.isConstructorDeclaration(node) || isHidden(node)) return [];
  const types: ts.Symbol[] = [];
  if (ts.isTypeReferenceNode(node)) {
    const symbol = checker.getSymbolAtLocation(node.typeName);
    if (symbol) types.push(origin(symbol));
  }
  node.forEachChild((child) => void types.push(...shownBy(child)));
  return types.filter(isOurs);
}

function isHidden(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword);
}

function isOurs({ flags, declarations = [] }: ts.Symbol): boolean {
  return (
    !(flags & ts.SymbolFlags.TypeParameter) && declarations.some((one) => one.getSourceFile().fileName.startsWith(SRC))
  );
}

describe('the library', () => {
  // Else an application with `declaration: true` cannot name what its own methods answer (TS2883).
  it('exports every type that what it exports takes or gives', () => {
    const unnamed = [...exported]
      .filter(({ flags }) => flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias))
      .flatMap((symbol) =>
        (symbol.declarations ?? [])
          .flatMap(shownBy)
          .filter((type) => !exported.has(type))
          .map((type) => `${type.name} of ${symbol.name}`),
      );
    expect([...new Set(unnamed)]).toEqual([]);
  });
});

import { limitsTable } from '../limits/limits-table.js';
import { settingsTable } from '../config/settings-table.js';
import { optionsTable } from './options-table.js';

/** The files that show what the code says, and the tables that each shows. */
const TABLES: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'README.md': { settings: settingsTable, limits: limitsTable },
  'packages/nest/README.md': { options: optionsTable },
};

export const FILES_WITH_TABLES = Object.keys(TABLES);

/** The text of a file with the tables between its markers brought up to date: what the code says is said once. */
export function withTables(file: string, text: string): string {
  return Object.entries(TABLES[file] ?? {}).reduce((so, [name, table]) => withTable(so, name, table()), text);
}

function withTable(text: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: made by \`npm run settings\` -->`, `<!-- end of ${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The markers of the table of ${name} are missing.`);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

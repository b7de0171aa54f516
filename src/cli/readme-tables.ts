import { limitsTable } from '../limits/limits-table.js';
import { settingsTable } from '../config/settings-table.js';

/** The text with the tables between its markers brought up to date: what the code says is said once. */
export function withTables(text: string): string {
  return withTable(withTable(text, 'settings', settingsTable()), 'limits', limitsTable());
}

function withTable(text: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: made by \`npm run settings\` -->`, `<!-- end of ${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The markers of the table of ${name} are missing.`);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

import { SETTINGS } from './settings.js';

const BEGIN = '<!-- settings: made by `npm run settings` -->';
const END = '<!-- end of settings -->';

/** The text with the table of settings between its markers brought up to date. */
export function withSettingsTable(text: string): string {
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('The markers of the settings table are missing.');
  const rows = Object.entries(SETTINGS).map(([name, { shown, meaning }]) => `| \`${name}\` | ${shown} | ${meaning} |`);
  const table = ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}

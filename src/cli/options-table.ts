import { SETTINGS } from '../config/settings.js';
import { inOptions, optionName, SHARED_SETTINGS } from '../option-names.js';

/** Where the database is, an application says in ways that the service has not: its README tells them. */
const TOLD_APART = ['DATABASE_URL'];

/** The table of options for the README of the library: what the settings say of themselves, in the words of options. */
export function optionsTable(): string {
  const rows = Object.entries(SETTINGS)
    .filter(([name]) => SHARED_SETTINGS.includes(name) && !TOLD_APART.includes(name))
    .map(([name, { shown, meaning }]) => `| \`${optionName(name)}\` | ${shown} | ${asOptions(meaning)} |`);
  return ['| option | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function asOptions(meaning: string): string {
  const written = meaning.replace(/`([A-Z_]+)=(\w+)`/g, (_, name: string, value: string) => `\`${name}: '${value}'\``);
  return inOptions(written).replace('comma list', 'list');
}

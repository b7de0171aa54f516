import { SETTINGS } from './settings.js';

/** The table of settings for the README. */
export function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(([name, { shown, meaning }]) => `| \`${name}\` | ${shown} | ${meaning} |`);
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

import { readFileSync, writeFileSync } from 'node:fs';
import { withSettingsTable } from '../config/settings-table.js';

/** Writes the table of settings into the README. */
writeFileSync('README.md', withSettingsTable(readFileSync('README.md', 'utf8')));

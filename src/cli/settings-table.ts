import { readFileSync, writeFileSync } from 'node:fs';
import { withTables } from './readme-tables.js';

/** Writes the tables of settings and of limits into the README. */
writeFileSync('README.md', withTables(readFileSync('README.md', 'utf8')));

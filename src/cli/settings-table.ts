import { readFileSync, writeFileSync } from 'node:fs';
import { FILES_WITH_TABLES, withTables } from './readme-tables.js';

/** Writes the tables of settings, of limits and of options into the files that show them. */
for (const file of FILES_WITH_TABLES) writeFileSync(file, withTables(file, readFileSync(file, 'utf8')));

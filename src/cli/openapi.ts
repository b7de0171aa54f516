import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { describeApi } from '../describe-api.js';
import { loadConfig } from '../load-config.js';

const FILE = 'docs/openapi.json';

/** The description depends on no setting and no file, so none is read. */
const document = await describeApi(loadConfig({}, '.data', {}));
writeFileSync(FILE, `${JSON.stringify(document, null, 2)}\n`);
process.stdout.write(`${FILE}: ${Object.keys(document.paths).length} paths\n`);

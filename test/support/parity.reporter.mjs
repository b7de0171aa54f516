// Shows that the suite says the same of every mode, transport and store, and that no secret was logged on the way.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const COLUMN = /^\[((?:session|jwt) (?:cookie|bearer) (?:postgres|redis|memory)(?: fastify)?)\] (.*)$/;

export default class ParityReporter {
  failures = [];
  /** title -> columns in which it ran and passed */
  scenarios = new Map();
  narrowed;

  constructor(globalConfig) {
    this.narrowed = Boolean(globalConfig.testNamePattern);
    this.workers = Array.from({ length: globalConfig.maxWorkers }, (_, i) => i + 1);
  }

  onTestResult(_test, { testResults, testFilePath }) {
    for (const { title, status } of testResults) {
      const [, column, sentence] = COLUMN.exec(title) ?? [];
      if (!sentence) continue;
      const key = `${testFilePath.split('/').at(-1)}: ${sentence}`;
      const columns = this.scenarios.get(key) ?? new Set();
      if (status === 'passed') columns.add(column);
      this.scenarios.set(key, columns);
    }
  }

  async onRunComplete() {
    if (this.scenarios.size > 0 && !this.narrowed) this.checkParity();
    await this.checkSecrets();
  }

  getLastError() {
    if (this.failures.length > 0) return new Error(this.failures.join('\n'));
  }

  checkParity() {
    const redis = process.env.TEST_REDIS_URL ? ['redis'] : [];
    const backings = ['postgres', ...redis, 'memory', 'memory fastify'];
    const all = ['session', 'jwt'].flatMap((mode) =>
      ['cookie', 'bearer'].flatMap((transport) => backings.map((backing) => `${mode} ${transport} ${backing}`)),
    );
    const exempt = exemptions();
    for (const [key, columns] of this.scenarios) {
      const sentence = key.slice(key.indexOf(': ') + 2);
      const missing = all.filter((column) => !columns.has(column) && !exempt(sentence, column));
      if (missing.length > 0)
        this.failures.push(`Not shown in every column: "${key}" is missing or red in ${missing.join('; ')}`);
    }
    console.log(`\nScenarios shown in each column (of ${this.scenarios.size}):`);
    for (const column of all) {
      const shown = [...this.scenarios.values()].filter((columns) => columns.has(column)).length;
      console.log(`  ${column.padEnd(29)} ${shown}`);
    }
  }

  async checkSecrets() {
    const folder = process.env.TEST_FOLDER;
    const read = (prefix) =>
      readdirSync(folder)
        .filter((name) => name.startsWith(prefix))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('\n');
    const log = read('log-');
    const secrets = new Set(
      read('secrets-')
        .split('\n')
        .filter((secret) => secret.length >= 12),
    );
    const tables = (await Promise.all(this.workers.map(dumpOf))).flat().join('\n');
    for (const [where, text] of Object.entries({ 'the log': log, 'the tables': tables })) {
      const leaked = [...secrets].filter((secret) => text.includes(secret));
      if (leaked.length > 0) this.failures.push(`${leaked.length} secrets are in ${where} (R13.3).`);
    }
    if (log) {
      const [lines, rows] = [log, tables].map((text) => text.split('\n').length);
      console.log(
        `\nNo secret in the log or the tables: ${secrets.size} secrets looked for in ${lines} lines and ${rows} rows.`,
      );
    }
  }
}

/** Every row of every table that a worker's tests have left. Those of the audit trail are never deleted. */
async function dumpOf(worker) {
  const url = new URL(process.env.TEST_DATABASE_URL);
  url.pathname = `/test_${worker}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const tables = await client.query(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'sallyport'`);
  const rows = [];
  for (const { name } of tables.rows)
    rows.push(...(await client.query(`SELECT t::text AS row FROM sallyport.${name} t`)).rows);
  await client.end();
  return rows.map(({ row }) => row);
}

/** What `columns.ts` noted: column and sentence of each scenario that a listed difference leaves out. */
function exemptions() {
  const path = join(process.env.TEST_FOLDER, 'exceptions.txt');
  const noted = new Set(existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []);
  return (sentence, column) => noted.has(`${column}\t${sentence}`);
}

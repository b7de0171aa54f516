import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database with nothing in it, whose owner is no superuser: what is taken from such a user is missing. */
export class OwnedDatabase {
  private constructor(
    readonly name: string,
    private password: string,
  ) {}

  static async make(): Promise<OwnedDatabase> {
    const database = new OwnedDatabase(`owned_${randomBytes(6).toString('hex')}`, randomBytes(12).toString('hex'));
    await asAdmin(process.env.TEST_WORKER_DATABASE_URL!, [
      `CREATE ROLE ${database.name} LOGIN PASSWORD '${database.password}'`,
      `CREATE DATABASE ${database.name} OWNER ${database.name}`,
    ]);
    return database;
  }

  /** As its owner reaches it. */
  get url(): string {
    const url = new URL(this.adminUrl);
    url.username = this.name;
    url.password = this.password;
    return url.href;
  }

  /** Runs statements in it as the administrator of the server. */
  async admin(...statements: string[]): Promise<void> {
    await asAdmin(this.adminUrl, statements);
  }

  /** Gives its owner another password and ends their connections: whoever has the old password is refused from now on. */
  async setPassword(password: string): Promise<void> {
    await this.admin(`ALTER ROLE ${this.name} PASSWORD '${password}'`);
    await this.disconnect();
  }

  /** Gives its owner the password back that `url` holds. */
  async restorePassword(): Promise<void> {
    await this.admin(`ALTER ROLE ${this.name} PASSWORD '${this.password}'`);
  }

  async disconnect(): Promise<void> {
    await this.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${this.name}'`);
  }

  async drop(): Promise<void> {
    await asAdmin(process.env.TEST_WORKER_DATABASE_URL!, [
      `DROP DATABASE ${this.name} WITH (FORCE)`,
      `DROP ROLE ${this.name}`,
    ]);
  }

  private get adminUrl(): string {
    const url = new URL(process.env.TEST_WORKER_DATABASE_URL!);
    url.pathname = `/${this.name}`;
    return url.href;
  }
}

async function asAdmin(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database with nothing in it, whose owner is no superuser: what is taken from such a user is missing. */
export class OwnedDatabase {
  private constructor(
    readonly name: string,
    private password: string,
    private readonly server: string,
  ) {}

  /** @param server its administrator's URL, with any database. */
  static async make(server = process.env.TEST_WORKER_DATABASE_URL!): Promise<OwnedDatabase> {
    const [name, password] = [`owned_${randomBytes(6).toString('hex')}`, randomBytes(12).toString('hex')];
    const database = new OwnedDatabase(name, password, server);
    await asAdmin(server, [
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
    await asAdmin(this.server, [`DROP DATABASE ${this.name} WITH (FORCE)`, `DROP ROLE ${this.name}`]);
  }

  /** Fails when somebody is still connected. */
  async dropUnused(): Promise<void> {
    await asAdmin(this.server, [`DROP DATABASE ${this.name}`, `DROP ROLE ${this.name}`]);
  }

  /** As the administrator of the server reaches it. */
  get adminUrl(): string {
    const url = new URL(this.server);
    url.pathname = `/${this.name}`;
    return url.href;
  }
}

async function asAdmin(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

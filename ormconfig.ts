import { DataSource } from 'typeorm';
import { migrationOptions } from './src/storage/postgres/data-source.js';
import { prepareAt } from './src/storage/postgres/migrate.js';

/** For the TypeORM CLI: `npm run migration:run`, `migration:revert`, `migration:show`. The application shares its options. */
const url = process.env.DATABASE_URL;
if (!url) throw new Error('Set DATABASE_URL to the database whose schema you want to change.');

// The CLI expects the schema to be there.
export default prepareAt(url).then(() => new DataSource(migrationOptions(url)));

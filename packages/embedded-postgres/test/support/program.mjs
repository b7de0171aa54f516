// node program.mjs OPTIONS
//
// Starts with the options it is given (JSON), says what it got, and at Ctrl-C uses the database once more before closing it.
// With `leave` it forgets to stop what it has started.
import { startEmbeddedPostgres } from '@sallyport/embedded-postgres';
import pg from 'pg';

const { leave, ...options } = JSON.parse(process.argv[2]);
const database = await startEmbeddedPostgres(options);
if (!leave) {
  const life = setInterval(() => {}, 1000);
  process.once('SIGINT', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
    await database.stop();
    console.log('closed in order');
    clearInterval(life);
  });
}
console.log(JSON.stringify({ owned: database.owned, url: database.url }));

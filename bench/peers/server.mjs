// One minimal Express application: node server.mjs KIND, where KIND names a file beside this one. It answers an open route,
// a login and a guarded route; a guarded request reads its user from Postgres by key, as ours do.
import express from 'express';
import pg from 'pg';

const { PORT, DATABASE_URL } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query('CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text, name text)');
const inserted = await pool.query("INSERT INTO users (email, name) VALUES ('ada@example.com', 'Ada') RETURNING id");
const userId = inserted.rows[0].id;

async function findUser(id) {
  const text = 'SELECT id, email, name FROM users WHERE id = $1';
  return (await pool.query({ name: 'user_find', text, values: [id] })).rows[0] ?? null;
}

const { setUp } = await import(`./${process.argv[2]}.mjs`);
const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.get('/open', (_, response) => response.json({ status: 'ok' }));
const { login, guard } = await setUp(app, { pool, findUser });
app.post('/login', (request, response, next) => {
  findUser(userId)
    .then((user) => login(request, user))
    .then((answer) => response.json(answer), next);
});
app.get('/me', guard, ({ user }, response) => response.json({ user }));
app.listen(Number(PORT), '127.0.0.1');

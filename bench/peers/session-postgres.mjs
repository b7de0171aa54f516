import connectPgSimple from 'connect-pg-simple';
import session from 'express-session';
import { setUpSession } from './session.mjs';

export async function setUp(app, { pool, findUser }) {
  const PgStore = connectPgSimple(session);
  return setUpSession(app, new PgStore({ pool, createTableIfMissing: true }), findUser);
}

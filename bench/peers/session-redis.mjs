import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';
import { setUpSession } from './session.mjs';

export async function setUp(app, { findUser }) {
  const client = await createClient({ url: process.env.REDIS_URL }).connect();
  return setUpSession(app, new RedisStore({ client }), findUser);
}

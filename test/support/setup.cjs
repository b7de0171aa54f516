require('reflect-metadata');

const worker = process.env.JEST_WORKER_ID ?? '1';
const database = new URL(process.env.TEST_DATABASE_URL);
database.pathname = `/test_${worker}`;
process.env.TEST_WORKER_DATABASE_URL = database.href;
if (process.env.TEST_REDIS_URL) process.env.TEST_WORKER_REDIS_URL = `${process.env.TEST_REDIS_URL}/${worker}`;

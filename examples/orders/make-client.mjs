// Makes this service known to the backend: a fresh secret for us, its digest for the backend. Run once, before both start.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.data/', import.meta.url));
const secret = randomBytes(32).toString('base64url');
const secretDigest = createHash('sha256').update(secret).digest('base64url');
const clients = [{ id: 'orders', name: 'The orders service', secretDigest }];
const env = {
  ISSUER: 'http://localhost:3000',
  AUDIENCE: 'sallyport',
  CLIENT_ID: 'orders',
  CLIENT_SECRET: secret,
  PORT: 3001,
};

mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}clients.json`, `${JSON.stringify(clients, null, 2)}\n`);
writeFileSync(
  `${folder}orders.env`,
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
  { mode: 0o600 },
);
console.log(`Start the backend with OAUTH_CLIENTS_FILE=${folder}clients.json`);

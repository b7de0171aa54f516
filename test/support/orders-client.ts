import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestSecret } from '../../src/oauth/clients-file.js';
import { noteSecret } from './test-log.js';

/** The orders service as a client of the product (RFC 6749, section 2.3.1). */
export const ORDERS = { id: 'orders', secret: randomBytes(32).toString('base64url') };

/** Writes the file by which the product knows it, and says where that is. */
export function ordersClientsFile(folder = process.env.TEST_FOLDER!): string {
  noteSecret(ORDERS.secret);
  const path = join(folder, `clients-${process.env.JEST_WORKER_ID}.json`);
  writeFileSync(path, JSON.stringify([{ id: ORDERS.id, name: 'Orders', secretDigest: digestSecret(ORDERS.secret) }]));
  return path;
}

import { openStorage } from '../../src/storage/open-storage.js';
import { OwnedDatabase } from '../support/owned-database.js';
import { storageParts } from '../support/storage-parts.js';

it('nothing stays open when one part of the storage cannot be opened', async () => {
  const database = await OwnedDatabase.make();
  const options = { database: { url: database.url }, schema: 'sallyport', sessionStore: 'redis' } as const;
  await expect(openStorage({ ...options, redisUrl: 'http://no.redis' }, storageParts())).rejects.toThrow('protocol');
  // Without FORCE: a connection that is left would forbid it.
  await database.dropUnused();
});

import { storages } from '../support/storages.js';
import { userEpochContract } from './user-epoch.contract.js';
import { userStoreContract } from './user-store.contract.js';

// Users are in Postgres always. Beside the other stores of sessions stands a fake, which is held to the same words.
for (const storage of storages.filter(({ name }) => name !== 'redis')) {
  userStoreContract(storage);
  userEpochContract(storage);
}

import { storages } from '../support/storages.js';
import { userEpochContract } from '../../src/contract/user-epoch.contract.js';
import { userStoreContract } from '../../src/contract/user-store.contract.js';

// Where sessions are in Redis, the suites of sessions keep their users in memory.
for (const storage of storages.filter(({ name }) => name !== 'redis')) {
  userStoreContract(storage);
  userEpochContract(storage);
}

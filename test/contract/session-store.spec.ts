import { storages } from '../support/storages.js';
import { sessionEndContract } from '../../src/contract/session-end.contract.js';
import { sessionExpiryContract } from '../../src/contract/session-expiry.contract.js';
import { sessionLimitContract } from '../../src/contract/session-limit.contract.js';
import { sessionRaceContract } from '../../src/contract/session-race.contract.js';
import { sessionStoreContract } from '../../src/contract/session-store.contract.js';

for (const storage of storages) {
  sessionStoreContract(storage);
  sessionExpiryContract(storage);
  sessionLimitContract(storage);
  sessionEndContract(storage);
  sessionRaceContract(storage);
}

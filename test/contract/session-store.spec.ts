import { storages } from '../support/storages.js';
import { sessionEndContract } from './session-end.contract.js';
import { sessionExpiryContract } from './session-expiry.contract.js';
import { sessionLimitContract } from './session-limit.contract.js';
import { sessionRaceContract } from './session-race.contract.js';
import { sessionStoreContract } from './session-store.contract.js';

for (const storage of storages) {
  sessionStoreContract(storage);
  sessionExpiryContract(storage);
  sessionLimitContract(storage);
  sessionEndContract(storage);
  sessionRaceContract(storage);
}

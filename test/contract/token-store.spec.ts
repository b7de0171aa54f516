import { storages } from '../support/storages.js';
import { rotationLimitContract } from './rotation-limit.contract.js';
import { rotationContract } from './rotation.contract.js';
import { tokenRaceContract } from './token-race.contract.js';
import { tokenStoreContract } from './token-store.contract.js';

for (const storage of storages) {
  tokenStoreContract(storage);
  tokenRaceContract(storage);
  rotationContract(storage);
  rotationLimitContract(storage);
}

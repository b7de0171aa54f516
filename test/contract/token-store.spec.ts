import { storages } from '../support/storages.js';
import { rotationLimitContract } from '../../src/contract/rotation-limit.contract.js';
import { rotationContract } from '../../src/contract/rotation.contract.js';
import { tokenRaceContract } from '../../src/contract/token-race.contract.js';
import { tokenStoreContract } from '../../src/contract/token-store.contract.js';

for (const storage of storages) {
  tokenStoreContract(storage);
  tokenRaceContract(storage);
  rotationContract(storage);
  rotationLimitContract(storage);
}

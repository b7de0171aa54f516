import { memory } from '../support/storages.js';
import { limitsOfInstances } from '../support/limit-fixture.js';
import { limitRaceContract } from '../../src/contract/limit-race.contract.js';
import { limitStoreContract } from '../../src/contract/limit-store.contract.js';

for (const storage of [memory, limitsOfInstances(3)]) {
  limitStoreContract(storage);
  limitRaceContract(storage);
}

import { describeStorage } from '../../src/contract/store-fixture.js';
import { storages } from '../support/storages.js';
import { auditContract } from '../../src/contract/audit.contract.js';

for (const storage of storages) describeStorage(storage, 'What a store tells of its acts', auditContract);

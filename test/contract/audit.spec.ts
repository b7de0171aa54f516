import { describeStorage } from '../support/store-fixture.js';
import { storages } from '../support/storages.js';
import { auditContract } from './audit.contract.js';

for (const storage of storages) describeStorage(storage, 'What a store tells of its acts', auditContract);

/**
 * What a store owes, as suites: `@sallyport/nest/contract` for the tests of whoever writes one. They run under Jest, with its globals; the
 * model of rotation also needs `fast-check`.
 */
export { auditContract } from './audit.contract.js';
export { limitRaceContract } from './limit-race.contract.js';
export { limitStoreContract } from './limit-store.contract.js';
export { type HintsOfInstance, revocationHintsContract } from './revocation-hints.contract.js';
export { rotationContract } from './rotation.contract.js';
export { rotationLimitContract } from './rotation-limit.contract.js';
export { sessionEndContract } from './session-end.contract.js';
export { sessionExpiryContract } from './session-expiry.contract.js';
export { sessionLimitContract } from './session-limit.contract.js';
export { sessionRaceContract } from './session-race.contract.js';
export { sessionStoreContract } from './session-store.contract.js';
export { describeStorage } from './store-fixture.js';
export type { AllStores, Stores, TestedStorage } from './stores.js';
export { tokenRaceContract } from './token-race.contract.js';
export { tokenStoreContract } from './token-store.contract.js';
export { BY, type Heard, HeardAudit } from './told.js';
export { userEpochContract } from './user-epoch.contract.js';
export { userStoreContract } from './user-store.contract.js';

import { memoryHints, SHARED_HINTS } from '../support/hints.js';
import { revocationHintsContract, sharedHintsContract } from './revocation-hints.contract.js';

revocationHintsContract('memory', memoryHints);
for (const { store, url, connect } of SHARED_HINTS) {
  revocationHintsContract(store, () => connect(url));
  sharedHintsContract(store, url, connect);
}

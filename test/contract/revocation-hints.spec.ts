import { memoryHints, SHARED_HINTS } from '../support/hints.js';
import { revocationHintsContract, sharedHintsContract } from './revocation-hints.contract.js';

revocationHintsContract('memory', memoryHints);
for (const { store, url, connect, connectAlone } of SHARED_HINTS) {
  revocationHintsContract(store, connectAlone);
  sharedHintsContract(store, url, connect);
}

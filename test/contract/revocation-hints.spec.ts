import { revocationHintsContract } from '../../src/contract/revocation-hints.contract.js';
import { memoryHints, SHARED_HINTS } from '../support/hints.js';
import { sharedHintsContract } from './shared-hints.contract.js';

revocationHintsContract('memory', memoryHints);
for (const { store, url, connect, connectAlone } of SHARED_HINTS) {
  revocationHintsContract(store, connectAlone);
  sharedHintsContract(store, url, connect);
}

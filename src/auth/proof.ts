import type { Session } from '../sessions/session.js';
import type { Principal } from '../http/principal.js';

/** When, how surely and by what means the user of this session proved who they are: a password opened it, and nothing else can. */
export function proofOf({ createdAt }: Session): Pick<Principal, 'authTime' | 'acr' | 'amr'> {
  return { authTime: createdAt, acr: 'aal1', amr: ['pwd'] };
}

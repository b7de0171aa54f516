import type { NewSession, Opening } from '../sessions/session.store.js';
import type { UserStore } from '../users/user.store.js';

/**
 * For stores that cannot lock the user's row while they open a session (R2.9). The session is there first and the user is
 * read again after it. So a change of the user that commits before this read is seen here, and one that commits later
 * finds the session and ends it by `endOlder`: no order of the two leaves a session of the old epoch alive.
 */
export async function checkEpoch(
  opening: Opening,
  session: NewSession,
  users: UserStore,
  end: () => Promise<unknown>,
): Promise<Opening> {
  if (opening.outcome !== 'opened') return opening;
  if (await isUnchanged(session, users, end)) return opening;
  await end();
  return { outcome: 'user_changed' };
}

async function isUnchanged(session: NewSession, users: UserStore, end: () => Promise<unknown>): Promise<boolean> {
  try {
    const user = await users.find(session.userId);
    return user !== null && user.status === 'active' && user.authEpoch === session.authEpoch;
  } catch (error) {
    // Nobody was handed the token, so a session that cannot be ended either is out of reach; the first failure counts.
    await end().catch(() => undefined);
    throw error;
  }
}

import { UnavailableError } from '../../core/app-error.js';
import { StoreTrouble } from '../../core/store-trouble.js';

/** SQLSTATEs that say "not now" rather than "wrong" and pass by themselves: connection, resources, shutdown, time-outs, locks. */
const PASSING = /^(08|53|57P|57014|55P03|40001|40P01)/;

/** SQLSTATEs by which the server refuses all of us until somebody helps it, and what that is called. */
const TROUBLES: readonly [RegExp, string][] = [
  [/^28/, 'The database refuses the user or the password of this service.'],
  [/^3D/, 'The database that this service is to use does not exist.'],
  [/^42501/, 'The database denies this service a right that it needs.'],
  [/^25006/, 'The database is read-only.'],
  [/^53100/, 'The disk of the database is full.'],
  [/^(26|42P05)/, 'The connections to the database do not keep prepared statements.'],
  [/^(58|XX)/, 'The database reports a fault of its own; its log says more.'],
];

/**
 * SQLSTATEs of a statement that changed nothing and may be asked again, once: the loser of a deadlock, and a statement whose
 * name its connection has lost (26000) or knew already (42P05). The pool lets go of a connection after each error.
 */
const ASK_AGAIN = /^(40P01|26000|42P05)$/;

export function mayAskAgain(error: unknown): boolean {
  return ASK_AGAIN.test(sqlState(error) ?? '');
}

/** An outage becomes `UnavailableError`; a statement that is wrong stays the error it is. */
export function translatedFault(error: unknown): unknown {
  const code = sqlState(error);
  if (code === undefined) return new UnavailableError('The database', error);
  const trouble = TROUBLES.find(([states]) => states.test(code));
  if (trouble) return new StoreTrouble('The database', trouble[1], error);
  return PASSING.test(code) ? new UnavailableError('The database', error) : error;
}

/** Undefined when it was not the server who spoke: the connection failed, the pool was exhausted, a time was out. */
function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown }).code;
  // EPIPE is the one error of a socket that looks like a SQLSTATE.
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE' ? code : undefined;
}

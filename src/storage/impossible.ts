import { StartError } from '../core/start-error.js';
import type { StorageOptions } from './storage.options.js';

/** Throws `StartError` for options of which a part would be ignored, or would not work with another. */
export function refuseImpossible({ database, sessionStore, redisUrl, own = {} }: StorageOptions): void {
  const ownSessions = { sessions: own.sessions, tokens: own.tokens, hints: own.hints };
  const given = Object.entries(ownSessions).flatMap(([name, store]) => (store ? [`own.${name}`] : []));
  const missing = Object.keys(ownSessions)
    .map((name) => `own.${name}`)
    .filter((name) => !given.includes(name));
  if (given.length > 0 && sessionStore !== 'own')
    refuse(`${given.join(' and ')} would be ignored while sessionStore is '${sessionStore}': make it 'own'.`);
  if (sessionStore === 'own' && missing.length > 0)
    refuse(`Sessions of your own need all of own.sessions, own.tokens and own.hints: ${listed(missing)} missing.`);
  if (sessionStore === 'redis' && redisUrl === null) refuse('Sessions in Redis need the URL of a Redis.');
  if (sessionStore === 'postgres' && (own.users || database === 'memory'))
    refuse('Sessions are in Postgres only beside its users: keep them in Redis, in memory or in a store of your own.');
  const isTold = sessionStore === 'postgres' || (!own.users && database !== 'memory');
  if (own.audit && isTold)
    refuse('What is done in Postgres is told there: own.audit needs users and sessions that are kept elsewhere.');
}

function refuse(sentence: string): never {
  throw new StartError(sentence);
}

function listed(names: readonly string[]): string {
  return `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'}`;
}

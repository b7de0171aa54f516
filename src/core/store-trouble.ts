import { UnavailableError } from './app-error.js';

/**
 * A store that answers and cannot do its work until somebody helps it: it refuses our password, it is full, it is read-only.
 * For clients that is an outage like any other; `trouble` is for those who ask about readiness.
 *
 * @example
 * throw new StoreTrouble('Redis', 'Redis is full.', reply);
 */
export class StoreTrouble extends UnavailableError {
  constructor(
    store: string,
    /** What is wrong, in a sentence that names no value: anybody may read it. */
    readonly trouble: string,
    cause: unknown,
  ) {
    super(store, cause);
  }
}

import { CLIENT_FAULTS } from './client.faults.js';
import type { Fault } from './fault.js';
import { INSTANCE_FAULTS } from './instance.faults.js';
import { LINK_FAULTS } from './link.faults.js';
import { POSTGRES_FAULTS } from './postgres.faults.js';
import { REDIS_FAULTS } from './redis.faults.js';

export const FAULTS: readonly Fault[] = [
  ...POSTGRES_FAULTS,
  ...LINK_FAULTS,
  ...REDIS_FAULTS,
  ...INSTANCE_FAULTS,
  ...CLIENT_FAULTS,
];

/** The faults whose names hold one of these words. */
export function named(...words: string[]): Fault[] {
  return FAULTS.filter(({ name }) => words.some((word) => name.includes(word)));
}

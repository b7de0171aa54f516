import type { Limit } from '../limits/limit.js';

/** How many of the last counts a store needs to know to go by a rule, and for how long after the last one. */
export function retentionOf(rule: Limit['rule']): { keep: number; keepSeconds: number } {
  if ('windows' in rule) {
    const keep = Math.max(...rule.windows.map(({ quota }) => quota));
    return { keep, keepSeconds: Math.max(...rule.windows.map(({ seconds }) => seconds)) };
  }
  const { after, firstSeconds, longestSeconds, forgottenAfterSeconds } = rule.backOff;
  // From so many on the wait is the longest.
  const keep = after + Math.ceil(Math.log2(longestSeconds / firstSeconds));
  return { keep, keepSeconds: forgottenAfterSeconds };
}

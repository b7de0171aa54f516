import { type BackOff, type Limit, LIMITS, type Window } from './limit.js';

/** The table of limits for the README. */
export function limitsTable(): string {
  const rows = Object.entries<Limit>(LIMITS).map(
    ([name, { counts, by, rule }]) => `| \`${name}\` | ${counts} | ${by} | ${described(rule)} |`,
  );
  return ['| limit | counts | by | how many |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function described(rule: Limit['rule']): string {
  return 'windows' in rule ? rule.windows.map(inWindow).join(', ') : inBackOff(rule.backOff);
}

function inWindow({ quota, seconds }: Window): string {
  return `${quota} in ${time(seconds)}`;
}

function inBackOff({ after, firstSeconds, longestSeconds, forgottenAfterSeconds }: BackOff): string {
  return (
    `${after}; then a wait of ${time(firstSeconds)}, twice as long after each further one, at most ` +
    `${time(longestSeconds)}; forgotten after ${time(forgottenAfterSeconds)} without one`
  );
}

function time(seconds: number): string {
  const [length, unit] = (
    [
      [86_400, 'day'],
      [3600, 'hour'],
      [60, 'minute'],
    ] as const
  ).find(([each]) => seconds >= each)!;
  const count = seconds / length;
  if (count > 1) return `${count} ${unit}s`;
  return unit === 'hour' ? 'an hour' : `a ${unit}`;
}

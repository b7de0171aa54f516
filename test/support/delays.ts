/** Writes the quantiles of these times (milliseconds) into the output of the run. */
export function tellDelays(what: string, delays: readonly number[]): void {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.ceil(share * sorted.length) - 1]!.toFixed(0);
  process.stdout.write(`${what}: p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} ms in ${sorted.length} rounds\n`);
}

export abstract class LimitOptions {
  /** False: nothing is counted, and no device is remembered. For tests. */
  abstract readonly areOn: boolean;
}

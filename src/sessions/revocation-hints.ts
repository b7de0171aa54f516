/**
 * Tells the instances that share a store that sessions have ended. An optimisation only: a hint carries nothing, and may be
 * lost, late or sent twice. What has ended is learned by asking the store, which every instance does without hints too.
 *
 * @example
 * hints.listen(() => void poller.poll());
 * await hints.send();
 */
export abstract class RevocationHints {
  /**
   * Calls `onHint` for each hint, those of this instance included, and each time a connection stands again, since what was
   * sent meanwhile is lost. Returns at once, never throws, and seeks a lost connection until `close`.
   */
  abstract listen(onHint: () => void): void;

  /** Throws `UnavailableError` when nobody could be told. */
  abstract send(): Promise<void>;

  /** Hears nothing from now on. May be called twice. */
  abstract close(): Promise<void>;
}

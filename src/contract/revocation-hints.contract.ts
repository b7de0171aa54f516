import type { RevocationHints } from '../sessions/revocation-hints.js';

/** The hints as one instance has them, with the connection to the store that they go by. */
export interface HintsOfInstance {
  readonly hints: RevocationHints;
  close(): Promise<void>;
}

/** Counts what an instance hears, itself included. */
export function listener({ hints }: HintsOfInstance): () => number {
  let heard = 0;
  hints.listen(() => (heard += 1));
  return () => heard;
}

/** What every `RevocationHints` does, also of a store that has one instance. */
export function revocationHintsContract(store: string, connect: () => Promise<HintsOfInstance>): void {
  describe(`Hints (${store})`, () => {
    it('are sent whether anybody listens or not', async () => {
      const instance = await connect();
      await instance.hints.send();
      listener(instance);
      await instance.hints.send();
      await instance.close();
    });

    it('are over once they were closed, and may be closed again', async () => {
      const instance = await connect();
      listener(instance);
      await instance.hints.close();
      await instance.hints.close();
      await instance.close();
    });
  });
}

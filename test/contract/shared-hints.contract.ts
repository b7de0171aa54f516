import { UnavailableError } from '../../src/core/app-error.js';
import { eventually } from '../support/eventually.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { type HintsOfInstance, listener } from '../../src/contract/revocation-hints.contract.js';
import type { ConnectHints } from '../support/hints.js';

/** What those of a store do that several instances share. One instance is behind a link that fails. */
export function sharedHintsContract(store: string, url: string, connect: ConnectHints): void {
  describe(`Hints between instances (${store})`, () => {
    let link: FaultProxy;
    let near: HintsOfInstance;
    let far: HintsOfInstance;

    beforeEach(async () => {
      link = await FaultProxy.to(url);
      near = await connect(url);
      far = await connect(link.url);
    });
    afterEach(async () => {
      link.mend();
      await near.close();
      await far.close();
      await link.close();
    });

    /** Both listen, and have heard that their connections stand. */
    const listening = async (): Promise<{ nearHeard: () => number; farHeard: () => number }> => {
      const [nearHeard, farHeard] = [listener(near), listener(far)];
      await eventually(async () => nearHeard() > 0 && farHeard() > 0);
      return { nearHeard, farHeard };
    };

    it('are heard by every instance, the one that sent them included', async () => {
      const { nearHeard, farHeard } = await listening();
      for (const sender of [near, far]) {
        const before = [nearHeard(), farHeard()];
        await sender.hints.send();
        await eventually(async () => nearHeard() > before[0]! && farHeard() > before[1]!);
      }
    });

    it('are sent by an instance that does not listen', async () => {
      const nearHeard = listener(near);
      await eventually(async () => nearHeard() > 0);
      const before = nearHeard();
      await far.hints.send();
      await eventually(async () => nearHeard() > before);
    });

    it('that were lost with the link are made up for by one when it stands again', async () => {
      const { farHeard } = await listening();
      const before = farHeard();
      link.cut();
      await near.hints.send();
      link.mend();
      await eventually(async () => farHeard() > before, 10_000);
      const since = farHeard();
      await near.hints.send();
      await eventually(async () => farHeard() > since);
    });

    it('are waited for also by an instance that finds no connection when it begins to listen', async () => {
      link.cut();
      const farHeard = listener(far);
      link.mend();
      await eventually(async () => farHeard() > 0, 10_000);
    });

    it('that nobody could be told are known to be lost', async () => {
      link.cut();
      await expect(far.hints.send()).rejects.toBeInstanceOf(UnavailableError);
      link.mend();
      await eventually(async () =>
        far.hints.send().then(
          () => true,
          () => false,
        ),
      );
    });

    it('leave no connection behind when they are closed before it stands', async () => {
      const before = link.connections;
      far.hints.listen(() => undefined);
      await far.hints.close();
      // Connections are taken in the order in which they were sought: after this one, that of the listener has come too.
      await (await connect(link.url)).close();
      await eventually(async () => link.connections <= before);
    });

    it('are not heard any more by an instance that has closed', async () => {
      const { nearHeard, farHeard } = await listening();
      await far.hints.close();
      const [before, silent] = [nearHeard(), farHeard()];
      for (let sent = 1; sent <= 3; sent += 1) {
        await near.hints.send();
        await eventually(async () => nearHeard() >= before + sent);
      }
      // Over the same link and later: whatever was sent to the closed one has come too.
      await (await connect(link.url)).close();
      expect(farHeard()).toBe(silent);
    });
  });
}

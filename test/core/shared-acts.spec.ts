import { setImmediate as nextTurn } from 'node:timers/promises';
import { SharedActs } from '../../src/core/shared-acts.js';

/** An act that is done when it is told to be. */
class Act {
  finish: (answer: number) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  begun = 0;
  readonly run = (): Promise<number> => {
    this.begun += 1;
    return new Promise((resolve, reject) => Object.assign(this, { finish: resolve, fail: reject }));
  };
}

it('of forty who come while an act is under way all are answered by the next one, and by no other', async () => {
  const acts = new SharedActs<number>();
  const act = new Act();
  const first = acts.share('a', act.run);
  const others = Array.from({ length: 39 }, () => acts.share('a', act.run));
  expect(act.begun).toBe(1);
  act.finish(1);
  expect(await first).toBe(1);
  await nextTurn();
  expect(act.begun).toBe(2);
  const late = acts.share('a', act.run);
  act.finish(2);
  expect(new Set(await Promise.all(others))).toEqual(new Set([2]));
  await nextTurn();
  act.finish(3);
  expect(await late).toBe(3);
  expect(act.begun).toBe(3);
});

it('whoever comes after an act is done begins one of their own', async () => {
  const acts = new SharedActs<number>();
  expect(await acts.share('a', async () => 1)).toBe(1);
  expect(await acts.share('a', async () => 2)).toBe(2);
});

it('an act that fails fails for those who shared it, and the next one is tried all the same', async () => {
  const acts = new SharedActs<number>();
  const act = new Act();
  const [first, ...others] = Array.from({ length: 3 }, () => acts.share('a', act.run));
  act.fail(new Error('the first'));
  await expect(first).rejects.toThrow('the first');
  await nextTurn();
  act.fail(new Error('the second'));
  for (const other of others) await expect(other).rejects.toThrow('the second');
  expect(await acts.share('a', async () => 4)).toBe(4);
});

it('acts of different names know nothing of each other', async () => {
  const acts = new SharedActs<number>();
  const act = new Act();
  const held = acts.share('a', act.run);
  expect(await acts.share('b', async () => 2)).toBe(2);
  act.finish(1);
  expect(await held).toBe(1);
});

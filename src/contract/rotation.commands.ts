import type fc from 'fast-check';
import { digestToken } from '../sessions/opaque-token.js';
import { attempt, clientSees, garbage, isToken, rotated, times } from './store-fixture.js';
import type { Stores } from './stores.js';
import { IDLE_MS, type RotationModel } from './rotation.model.js';
import { BY, because } from './told.js';

/** The real thing: one session, and every token that its clients were handed, by generation. */
export interface RealSession {
  readonly stores: Stores;
  readonly id: string;
  readonly tokens: string[];
}

type Command = fc.AsyncCommand<RotationModel, RealSession>;

abstract class Step implements Command {
  check(): boolean {
    return true;
  }
  abstract run(model: RotationModel, real: RealSession): Promise<void>;
  abstract toString(): string;
}

export class Present extends Step {
  constructor(
    private readonly back: number,
    private readonly how: 'use' | 'rotate',
  ) {
    super();
  }

  async run(model: RotationModel, { stores, tokens }: RealSession): Promise<void> {
    const generation = Math.max(0, tokens.length - 1 - this.back);
    const token = tokens[generation]!;
    const expected = model.present(generation);
    const isGood = expected === 'current' || expected === 'predecessor';
    if (this.how === 'use') {
      const { verdict } = await stores.tokens.use(digestToken(token), BY);
      expect(verdict).toBe(isGood ? 'held' : expected);
      if (isGood) model.idleUntil = Math.max(model.idleUntil, model.now + IDLE_MS - 60_000);
      return;
    }
    const seen = await clientSees(stores, token);
    if (!isGood) return expect(seen).toBe(expected);
    expect(isToken(seen)).toBe(true);
    if (expected === 'predecessor') return expect(seen).toBe(tokens[generation + 1]);
    tokens.push(seen);
    model.rotated();
  }

  toString(): string {
    return `${this.how}(back ${this.back})`;
  }
}

/** One rotation after the other, without a pause. */
export class Chain extends Step {
  constructor(private readonly length: number) {
    super();
  }

  async run(model: RotationModel, { stores, tokens }: RealSession): Promise<void> {
    for (let i = 0; i < this.length && model.isLive; i += 1) {
      tokens.push(await rotated(stores, tokens.at(-1)!));
      model.rotated();
    }
  }

  toString(): string {
    return `chain(${this.length})`;
  }
}

export class Burst extends Step {
  constructor(
    private readonly size: number,
    private readonly logoutAt: number | null,
  ) {
    super();
  }

  async run(model: RotationModel, { stores, tokens }: RealSession): Promise<void> {
    const current = tokens.at(-1)!;
    const wasLive = model.isLive;
    const dead = wasLive ? 'revoked' : model.present(tokens.length - 1);
    const seen = await times(this.size, (i) =>
      i === this.logoutAt
        ? stores.tokens
            .endBy(digestToken(current), because('logout'))
            .then((ending) => (ending?.outcome === 'ended' ? 'logged out' : 'was dead'))
        : clientSees(stores, current),
    );
    const handed = new Set(seen.filter(isToken));
    expect(handed.size).toBeLessThanOrEqual(1);
    const refused = seen.filter((each) => !isToken(each) && each !== 'logged out' && each !== 'was dead');
    expect(refused.filter((each) => each !== dead)).toEqual([]);
    if (this.logoutAt === null && wasLive) expect(handed.size).toBe(1);
    if (!wasLive) expect(handed.size).toBe(0);
    if (this.logoutAt !== null) expect(seen).toContain(wasLive ? 'logged out' : 'was dead');
    for (const token of handed) {
      tokens.push(token);
      model.rotated();
    }
    if (this.logoutAt !== null && wasLive) model.isRevoked = true;
  }

  toString(): string {
    return `burst(${this.size}${this.logoutAt === null ? '' : `, logout at ${this.logoutAt}`})`;
  }
}

/** By the first token of the session. */
export class Logout extends Step {
  async run(model: RotationModel, { stores, id, tokens }: RealSession): Promise<void> {
    const expected = model.isLive ? 'ended' : model.isRevoked ? 'revoked' : 'expired';
    const ending = await stores.tokens.endBy(digestToken(tokens[0]!), because('logout'));
    if (!model.remembers(0)) return expect(ending).toBeNull();
    expect(ending).toMatchObject({ sessionId: id, outcome: expected });
    if (model.isLive) model.isRevoked = true;
  }

  toString(): string {
    return 'logout';
  }
}

export class Garbage extends Step {
  async run(_: RotationModel, { stores, tokens }: RealSession): Promise<void> {
    const result = await stores.tokens.rotate({ ...attempt(tokens[0]!), digest: garbage() }, BY);
    expect(result).toEqual({ verdict: 'unknown' });
  }

  toString(): string {
    return 'garbage';
  }
}

export class Advance extends Step {
  constructor(private readonly ms: number) {
    super();
  }

  async run(model: RotationModel, { stores }: RealSession): Promise<void> {
    await stores.advance(this.ms);
    model.now += this.ms;
  }

  toString(): string {
    return `advance(${this.ms})`;
  }
}

export const GRACE_MS = 10_000;
export const IDLE_MS = 1_800_000;
export const REMEMBERED = 32;

/** What rotation should be, in so few lines that they can be seen to be right. Times count what the clock was advanced. */
export class RotationModel {
  now = 0;
  idleUntil = IDLE_MS;
  isRevoked = false;
  /** When the token of each generation was replaced; the last one is current. */
  replacedAt: number[] = [];

  /** What presenting the token of this generation is answered, and what that does. */
  present(generation: number): string {
    if (!this.remembers(generation)) return 'unknown';
    if (this.isRevoked) return 'revoked';
    if (this.now >= this.idleUntil) return 'expired';
    const age = this.replacedAt.length - generation;
    if (age === 0) return 'current';
    if (this.isInWindow(generation)) return age === 1 ? 'predecessor' : 'superseded';
    this.isRevoked = true;
    return 'reused';
  }

  /** The current generation and the 31 before it; and whatever is in its window. */
  remembers(generation: number): boolean {
    return this.replacedAt.length - generation < REMEMBERED || this.isInWindow(generation);
  }

  private isInWindow(generation: number): boolean {
    return this.now < this.replacedAt[generation]! + GRACE_MS;
  }

  rotated(): void {
    this.replacedAt.push(this.now);
    this.idleUntil = this.now + IDLE_MS;
  }

  get isLive(): boolean {
    return !this.isRevoked && this.now < this.idleUntil;
  }
}

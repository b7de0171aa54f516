interface UnderWay<T> {
  readonly act: Promise<T>;
  /** The act that follows, for all who came while this one was under way. */
  next: Promise<T> | null;
}

/**
 * Lets those who want the same at the same time share an act. Nobody is answered by an act that began before they came: whoever
 * comes while one is under way shares the next one with all others who came meanwhile. So of any number two are under way, one
 * after the other.
 *
 * @example
 * const rotations = new SharedActs<Held>();
 * await rotations.share(digest, () => rotate(token));
 */
export class SharedActs<T> {
  private readonly underWay = new Map<string, UnderWay<T>>();

  async share(name: string, act: () => Promise<T>): Promise<T> {
    const present = this.underWay.get(name);
    if (!present) return this.begin(name, act);
    const begin = (): Promise<T> => this.begin(name, act);
    return (present.next ??= present.act.then(begin, begin));
  }

  private async begin(name: string, act: () => Promise<T>): Promise<T> {
    const present: UnderWay<T> = { act: act(), next: null };
    this.underWay.set(name, present);
    try {
      return await present.act;
    } finally {
      if (!present.next) this.underWay.delete(name);
    }
  }
}

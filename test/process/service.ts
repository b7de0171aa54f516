import { get, type Program, until } from './program.js';

/** A process on a port of its own, that can be held up, stopped, killed and started again. */
export class Service {
  /** Every run of it, the last one last. */
  readonly runs: Program[] = [];

  constructor(
    readonly url: string,
    private readonly start: (more: Readonly<Record<string, string>>) => Program,
    private readonly isUp: (url: string) => Promise<boolean>,
  ) {}

  get program(): Program {
    return this.runs.at(-1)!;
  }

  get isRunning(): boolean {
    const { exitCode, signalCode } = this.program.child;
    return exitCode === null && signalCode === null;
  }

  /** @param more settings for this run alone. */
  async run(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.runs.push(this.start(more));
    await this.up();
  }

  /** Says how many milliseconds it took. */
  async up(ms = 20_000): Promise<number> {
    const from = performance.now();
    await until(() => this.isUp(this.url).catch(() => false), ms).catch((cause: unknown) => {
      throw new Error(`It did not come up:\n${this.program.output.slice(-4000)}`, { cause });
    });
    return performance.now() - from;
  }

  /** SIGSTOP: the kernel goes on taking connections and requests for it. */
  hold(): void {
    this.program.kill('SIGSTOP');
  }

  release(): void {
    this.program.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.program.kill('SIGKILL');
    await this.program.ended;
  }
}

export async function isReady(url: string): Promise<boolean> {
  return (await get(url, '/health/ready')).status === 200;
}

import { setTimeout as pause } from 'node:timers/promises';
import { asRecord } from './ask.js';
import { type Backend } from './backend.js';
import { Unavailable } from './refusal.js';
import { type VerifySettings } from './verify.options.js';

const AGAIN_MS = 2_000;

/**
 * Looks once, as soon as the backend answers, whether the options lead to it, and tells at once what no user should have to find
 * out. A backend that is not there yet is no mistake of this service. Whether it knows this service, the feed finds out.
 */
export class StartCheck {
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly backend: Backend,
    private readonly settings: VerifySettings,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted && !(await this.look()))
      await pause(AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }

  /** False when there was nobody to look at. */
  private async look(): Promise<boolean> {
    try {
      const { status, json } = await this.backend.metadata();
      if (status >= 500 || status === 429) return false;
      for (const mistake of this.mistakes(status, asRecord(json))) this.settings.log.error(mistake);
      return true;
    } catch (error) {
      if (error instanceof Unavailable) return false;
      throw error;
    }
  }

  private mistakes(status: number, metadata: Record<string, unknown> | null): string[] {
    const { issuer, audience } = this.settings;
    const { issuer: itsIssuer, sallyport_audience: itsAudience = audience } = metadata ?? {};
    if (typeof itsIssuer !== 'string')
      return [`The option issuer is ${quoted(issuer)}, and no auth service answers there (status ${status}).`];
    const mistakes: string[] = [];
    if (itsIssuer !== issuer)
      mistakes.push(
        `The option issuer is ${quoted(issuer)}, and the auth service there calls itself ${quoted(itsIssuer)}: its tokens will be refused.`,
      );
    if (itsAudience !== audience)
      mistakes.push(
        `The option audience is ${quoted(audience)}, and the auth service makes its tokens for ${quoted(itsAudience)}: they will be refused.`,
      );
    return mistakes;
  }
}

function quoted(value: unknown): string {
  return JSON.stringify(value).slice(0, 300);
}

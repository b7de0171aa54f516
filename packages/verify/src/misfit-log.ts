import { isAudience } from './rules/access-token.js';
import { type VerifySettings } from './verify.options.js';

/** A backend names itself and its services in few ways: more than these are not worth a line each. */
const MAX_TOLD = 20;

/**
 * Tells of tokens that are the backend's own and that name another issuer or another audience than this service expects: mostly the
 * one or the other option is wrong. Each value is told once.
 */
export class MisfitLog {
  private readonly told = new Set<string>();

  constructor(private readonly settings: VerifySettings) {}

  /** Only for claims whose signature is good, or that the backend itself answered with: a forger tells nothing here. */
  note({ iss, aud }: Readonly<Record<string, unknown>>): void {
    const { issuer, audience } = this.settings;
    if (iss !== issuer) this.tell(`whose iss is ${shown(iss)}: the option issuer says ${shown(issuer)}`);
    if (!isAudience(aud, audience))
      this.tell(`whose aud is ${shown(aud)}: the option audience says ${shown(audience)}`);
  }

  private tell(what: string): void {
    if (this.told.has(what) || this.told.size >= MAX_TOLD) return;
    this.told.add(what);
    this.settings.log.warn(`A token of the auth service was refused ${what}.`);
  }
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, 300);
}

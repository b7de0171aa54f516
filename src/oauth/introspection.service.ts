import { Injectable } from '@nestjs/common';
import { asExt, type Claims } from '@sallyport/verify/rules';
import { AppError } from '../core/app-error.js';
import type { Origin } from '../core/origin.js';
import { Liveness } from '../sessions/liveness.js';
import { type Authenticated, AcceptedStrategies } from '../auth/auth.strategy.js';
import { JwtOptions } from '../auth/jwt/jwt.options.js';

/** RFC 7662, section 2.2. */
export type Introspection =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly sub: string;
      readonly sid: string;
      readonly iss: string;
      readonly aud: string;
      readonly iat: number;
      readonly exp: number;
      readonly auth_time: number;
      readonly acr: string;
      readonly amr: readonly string[];
      readonly roles: readonly string[];
      readonly token_type: 'Bearer';
      readonly client_id: string;
      /** As in an access token. */
      readonly ext?: Claims;
    };

const INACTIVE: Introspection = { active: false };

@Injectable()
export class IntrospectionService {
  constructor(
    private readonly strategies: AcceptedStrategies,
    private readonly liveness: Liveness,
    private readonly options: JwtOptions,
  ) {}

  /**
   * What an access token of either kind is worth now, by the store's own word. Nothing is told of one that is not live,
   * whatever the cause. Throws `service_unavailable` when the store cannot be asked.
   */
  async introspect(token: string, origin: Origin): Promise<Introspection> {
    try {
      const authenticated = await this.strategies.recognising(token).authenticate(token, origin);
      // A signature says nothing of what has happened since: the store is always asked here.
      if (!authenticated.session) await this.liveness.ask(authenticated.principal.sessionId);
      return this.describe(authenticated);
    } catch (error) {
      if (!(error instanceof AppError) || error.getStatus() !== 401) throw error;
      return INACTIVE;
    }
  }

  private describe({ principal, issuedAt, expiresAt }: Authenticated): Introspection {
    return {
      active: true,
      sub: principal.userId,
      sid: principal.sessionId,
      iss: this.options.issuer,
      aud: this.options.audience,
      iat: seconds(issuedAt),
      exp: seconds(expiresAt),
      auth_time: seconds(principal.authTime),
      acr: principal.acr,
      amr: principal.amr,
      roles: principal.roles,
      token_type: 'Bearer',
      client_id: this.options.audience,
      ...asExt(principal.claims),
    };
  }
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

import { Injectable, Logger } from '@nestjs/common';
import { areSmall, type Claims, claimsOfExt, isClaimValue, MAX_CLAIMS_BYTES, NO_CLAIMS } from '@sallyport/verify/rules';
import type { User } from '../users/user.js';
import { AuthOptions } from './auth.options.js';

/** Asks the application what a session is to tell of its user. */
@Injectable()
export class SessionClaims {
  private readonly logger = new Logger('claims');

  constructor(private readonly options: AuthOptions) {}

  /** Throws what the application throws, and an `Error` for claims that are not as it has promised. */
  async of(user: User): Promise<Claims> {
    const { claims: asked } = this.options;
    if (!asked) return NO_CLAIMS;
    const told = await asked.of(user);
    for (const [name, value] of Object.entries(told)) {
      if (!asked.names.includes(name)) this.refuse(name, 'is not one of claims.names');
      if (!isClaimValue(value)) this.refuse(name, 'must be text, a number, true, false or a list of texts');
    }
    if (!areSmall(told)) this.refuse(longestOf(told), `is the longest of more than ${MAX_CLAIMS_BYTES} bytes`);
    // As it will be read from a store, and out of the application's hands.
    return claimsOfExt(JSON.parse(JSON.stringify(told))) ?? this.refuse(longestOf(told), 'cannot be kept');
  }

  /** The log tells nothing of other people's errors but their names, so the mistake has a line of its own. */
  private refuse(claim: string, mistake: string): never {
    this.logger.error({ claim, mistake });
    throw new Error(`The claim ${claim} ${mistake}.`);
  }
}

function longestOf(claims: Claims): string {
  const length = (name: string): number => JSON.stringify(claims[name]).length;
  return Object.keys(claims).reduce((longest, name) => (length(name) > length(longest) ? name : longest));
}

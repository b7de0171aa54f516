import { type AccessTokenPayload, isClaimName } from '@sallyport/verify/rules';

/** Names that mean something in a token already. */
const OF_TOKENS: Readonly<Record<keyof AccessTokenPayload, true>> = {
  iss: true,
  aud: true,
  sub: true,
  sid: true,
  jti: true,
  iat: true,
  exp: true,
  client_id: true,
  auth_time: true,
  acr: true,
  amr: true,
  roles: true,
  ext: true,
};

/** Those that RFC 7519, 7662, 7800 and 8693 give a meaning to, and we do not use. */
const OF_STANDARDS = ['nbf', 'active', 'scope', 'token_type', 'username', 'act', 'may_act', 'cnf'];

/** A sentence for each name that no claim of an application's own can have. */
export function mistakesInClaimNames(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (Object.hasOwn(OF_TOKENS, name) || OF_STANDARDS.includes(name))
      return [`claims.names must not have ${name}: tokens have a meaning for it`];
    if (!isClaimName(name))
      return [`claims.names must be of letters, digits, - and _, a letter first, 64 at most: ${JSON.stringify(name)}`];
    return [];
  });
}

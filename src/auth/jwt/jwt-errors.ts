const VERIFICATION_ERRORS = new Set(['JsonWebTokenError', 'TokenExpiredError', 'NotBeforeError', 'SyntaxError']);

/** What a token can be at fault for; anything else is our own fault and must not pass for a refusal. */
export function isVerificationError(error: unknown): boolean {
  return error instanceof Error && VERIFICATION_ERRORS.has(error.name);
}

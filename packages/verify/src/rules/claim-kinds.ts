// RFC 9562 section 4, in the one spelling that the backend signs: lower case. The nil and the max UUID name nobody.
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for the id of a user or of a session: `isUuid('0198c5a3-11d0-7b4e-8a55-6f0e9f6b7c21')`. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** True for a time that claims and the feed may carry: a whole number since 1970, of whatever unit, and never negative. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** True for a list of strings, the empty list included: `roles` and `amr`. */
export function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

/** True for a string with something in it: `client_id` and `acr`. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whether `aud` names this audience. It is one name or a list of names (RFC 7519 section 4.1.3), and nothing else. */
export function isAudience(aud: unknown, audience: string): boolean {
  return aud === audience || (areTexts(aud) && aud.includes(audience));
}

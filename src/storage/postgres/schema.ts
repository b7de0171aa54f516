/** The schema in which all tables and functions are, unless an adopter names another one. Statements are written for it. */
export const SCHEMA = 'sallyport';

/** A name as SQL writes it, whatever letters it has. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What was written for `SCHEMA`, for another schema. */
export function inSchema(text: string, schema: string): string {
  return schema === SCHEMA ? text : text.replaceAll(/\bsallyport\./g, () => `${quoted(schema)}.`);
}

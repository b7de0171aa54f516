/** What the log may say of a failure in a word: its kind, and its code. Its message may hold a value. */
export function failureName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}

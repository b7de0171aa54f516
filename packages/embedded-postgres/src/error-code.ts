/** Whether an error carries one of these codes: errno names from the system, SQLSTATEs from PostgreSQL. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}

/** The value, or null when the promise fails with one of these codes. Every other failure stays a failure. */
export async function nullOn<T>(codes: string[], promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (hasCode(error, ...codes)) return null;
    throw error;
  }
}

import { readFileSync } from 'node:fs';
import { StartError } from './start-error.js';

/**
 * A file that a setting names cannot be used. The message begins with the setting, which is what an operator can mend. Neither
 * the path, which may be a key that was put there by mistake, nor anything of the contents is in it.
 *
 * @example
 * throw new UnusableFileError('JWT_KEYS_FILE', 'two keys share a kid'); // JWT_KEYS_FILE: two keys share a kid
 */
export class UnusableFileError extends StartError {
  constructor(setting: string, problem: string, options?: ErrorOptions) {
    super(`${setting}: ${problem}`, options);
  }
}

/** The text of the file that a setting names. Throws `UnusableFileError`. */
export function readTextFile(path: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw cannotBe('read', setting, error);
  }
}

/** The refusal of a file with which the operating system would not let us do this. */
export function cannotBe(done: 'read' | 'made' | 'changed', setting: string, cause: unknown): UnusableFileError {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  if (done === 'read' && code === 'ENOENT') return new UnusableFileError(setting, 'the file is not there', { cause });
  return new UnusableFileError(setting, `the file cannot be ${done} (${code})`, { cause });
}

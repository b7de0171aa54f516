/**
 * Something that whoever starts the service can mend: a setting, a file, a server that does not answer. The message is all
 * that is printed, so it is made of whole sentences and holds no secret. Any other error at start is a fault of ours and is
 * printed with its stack.
 *
 * @example
 * throw new StartError('Redis cannot be reached. Check that it is running.', { cause });
 */
export class StartError extends Error {}

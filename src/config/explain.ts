import { StartError } from '../core/start-error.js';

/** What is said to whoever starts the service when it cannot start: a sentence for what is expected, a stack for what is not. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'Sallyport could not start.';
  if (error instanceof StartError) return error.message;
  const { code, port } = error as { code?: unknown; port?: unknown };
  if (code === 'EADDRINUSE')
    return `Port ${String(port)} is taken. Stop what listens there, or set PORT to another (0 picks a free one).`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${String(port)} needs privileges that this user lacks. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'HOST is not an address of this machine.';
  return error.stack ?? error.message;
}

import { type ContextRequest } from './request.js';

/** The values of every cookie of that name, in the order sent. Names and values are taken as they stand. */
export function cookieValues({ headers }: Pick<ContextRequest, 'headers'>, name: string): string[] {
  const { cookie } = headers;
  if (typeof cookie !== 'string') return [];
  return cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

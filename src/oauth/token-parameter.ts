import { AppError } from '../core/app-error.js';
import type { RequestView } from '../http/request-view.js';

/** The `token` of a form, sent once. Parameters that are not known are ignored, as the standards ask. */
export function tokenParameter({ body }: RequestView): string {
  const parameters = (body ?? {}) as Record<string, unknown>;
  if (Object.values(parameters).some((value) => typeof value !== 'string')) {
    throw new AppError('invalid_request', 'A parameter was sent twice.');
  }
  if (typeof parameters.token !== 'string' || parameters.token === '') {
    throw new AppError('invalid_request', 'The parameter token is missing.');
  }
  return parameters.token;
}

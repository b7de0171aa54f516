import { AppError } from '../core/app-error.js';
import type { HttpOptions } from '../http/http.options.js';
import { ProblemFilter } from '../http/problem.filter.js';
import type { RequestView } from '../http/request-view.js';
import type { Engine } from './engine.js';

/** Tells what is refused before a request has found its route, and that there is no such route. */
export class EdgeFilter extends ProblemFilter {
  constructor(
    options: HttpOptions,
    private readonly engine: Engine,
  ) {
    super(options);
  }

  protected override appErrorOf(thrown: unknown, request: RequestView): AppError {
    const error = super.appErrorOf(thrown, request);
    if (error.code !== 'not_found') return error;
    const allowed = this.engine.allowedMethods((request.raw.url ?? '').split('?', 1)[0]!);
    if (allowed.length === 0) return error;
    return new AppError('method_not_allowed', undefined, { headers: { Allow: allowed.join(', ') } });
  }
}

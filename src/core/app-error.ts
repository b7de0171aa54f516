import { HttpException } from '@nestjs/common';
import { type Problem, type ProblemCode, type ProblemExtra, problemOf } from './problem.js';

/**
 * An expected refusal. Its `code` is stable; `detail` is for people and never holds what the client sent. It is an `HttpException`
 * with the problem as its response, so that any filter of a Nest application answers it with the right status.
 *
 * @example
 * if (!order) throw new AppError('not_found', 'There is no such order.');
 */
export class AppError extends HttpException {
  readonly problem: Problem;

  constructor(
    readonly code: ProblemCode,
    detail?: string,
    readonly extra: ProblemExtra & { headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    const problem = problemOf(code, detail, extra);
    super(problem, problem.status, { cause: extra.cause });
    this.problem = problem;
    this.message = detail ?? problem.title;
  }
}

/** A store or another service did not answer: 503, never a refusal of the credential and never a pass. */
export class UnavailableError extends AppError {
  constructor(what: string, cause?: unknown) {
    super('service_unavailable', `${what} is not answering. Try again shortly.`, {
      cause,
      headers: { 'Retry-After': '1' },
    });
  }
}

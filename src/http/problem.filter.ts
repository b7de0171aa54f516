import { type ArgumentsHost, Catch, HttpException, Injectable } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { AnswerHead } from './answer.js';
import { HttpOptions } from './http.options.js';
import { RefusalFilter } from './refusal.filter.js';
import { RequestView } from './request-view.js';
import { protect } from './security-headers.js';

/** Makes an answer of whatever fails on a route of ours. */
@Injectable()
@Catch()
export class ProblemFilter extends RefusalFilter {
  constructor(private readonly options: HttpOptions) {
    super();
  }

  override catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.refuse(thrown, http.getRequest<object>(), http.getResponse<object>());
  }

  /** For what fails before there is anything that Nest could catch it in. */
  refuse(thrown: unknown, engineRequest: object, engineResponse: object): void {
    const request = RequestView.of(engineRequest);
    const head = AnswerHead.of(engineResponse);
    if (!head.raw.headersSent) protect(head.raw, request.raw, this.options.cookieSecure);
    this.answer(this.appErrorOf(thrown, request), request.raw, head);
  }

  /** What is refused, whoever threw it: Nest and the HTTP engine throw errors of their own. */
  protected appErrorOf(thrown: unknown, _request: RequestView): AppError {
    if (thrown instanceof AppError) return thrown;
    const status = statusOf(thrown);
    if (status === 404) return new AppError('not_found');
    if (status === 413) return new AppError('payload_too_large', 'The body is larger than is read here.');
    if (status === 415) return new AppError('unsupported_media_type', 'Send UTF-8 JSON, not compressed.');
    if (status !== undefined && status >= 400 && status < 500)
      return new AppError('invalid_request', undefined, { status: 400 });
    return new AppError('internal_error', undefined, { cause: thrown });
  }
}

/** The status that Nest's exceptions, the body parser's errors and Fastify's carry. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const { status, statusCode } = (thrown ?? {}) as { status?: unknown; statusCode?: unknown };
  return [status, statusCode].find((code) => typeof code === 'number');
}

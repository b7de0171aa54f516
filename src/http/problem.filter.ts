import { type ArgumentsHost, Catch, Injectable } from '@nestjs/common';
import type { AppError } from '../core/app-error.js';
import { AnswerHead } from './answer.js';
import { refusalIn } from './foreign-error.js';
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

  /** What is refused. */
  protected appErrorOf(thrown: unknown, _request: RequestView): AppError {
    return refusalIn(thrown);
  }
}

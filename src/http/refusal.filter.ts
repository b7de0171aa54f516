import type { IncomingMessage } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { AnswerHead } from './answer.js';
import { logFailure } from './failure-log.js';
import { refusalAnswer } from './refusal-answer.js';
import { rawRequestOf } from './request-view.js';

/**
 * Answers Sallyport's own refusals as problem+json, with the challenge and the delay that go with them, and nothing else. An
 * application may bind it for all its routes, so that what a guard of ours refuses there looks as it does on our own:
 *
 * ```ts
 * app.useGlobalFilters(new RefusalFilter());
 * ```
 */
@Catch(AppError)
export class RefusalFilter implements ExceptionFilter<AppError> {
  catch(error: AppError, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, rawRequestOf(http.getRequest<object>()), AnswerHead.of(http.getResponse<object>()));
  }

  protected answer(error: AppError, request: IncomingMessage, head: AnswerHead): void {
    // The deadline was over and has been answered; what failed afterwards is not told to anybody.
    if (head.raw.writableEnded) return;
    logFailure(error, request);
    if (head.raw.headersSent) {
      head.raw.destroy();
      return;
    }
    const { status, headers, body } = refusalAnswer(error, request);
    head.setHeaders(headers);
    head.end(status, body);
  }
}

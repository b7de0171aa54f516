import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, HttpStatus } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** As Nest's documentation has it: https://docs.nestjs.com/exception-filters#catch-everything */
@Catch()
export class CatchEverythingFilter implements ExceptionFilter {
  constructor(private readonly httpAdapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const { httpAdapter } = this.httpAdapterHost;
    const http = host.switchToHttp();
    const statusCode = exception instanceof HttpException ? exception.getStatus() : HttpStatus.INTERNAL_SERVER_ERROR;
    const message = exception instanceof HttpException ? exception.message : 'Something went wrong.';
    httpAdapter.reply(
      http.getResponse<object>(),
      { statusCode, message, path: httpAdapter.getRequestUrl(http.getRequest<object>()) as string },
      statusCode,
    );
  }
}

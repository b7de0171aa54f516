import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';
import type { CookieOrder } from './request-view.js';

/** The part of an answer that is not its body. */
export class AnswerHead {
  constructor(private readonly response: Response) {}

  setCookies(orders: readonly CookieOrder[]): void {
    for (const { name, value, path, sameSite, secure, maxAgeSeconds } of orders) {
      // The token's own alphabet needs no encoding, and a cookie that is encoded is no longer the token.
      const options = { path, sameSite, secure, httpOnly: true, encode: (text: string) => text };
      if (value === null) this.response.cookie(name, '', { ...options, expires: new Date(0) });
      else this.response.cookie(name, value, { ...options, maxAge: maxAgeSeconds * 1000 });
    }
  }

  setHeader(name: string, value: string): void {
    this.response.setHeader(name, value);
  }
}

export const Answer = createParamDecorator((_: unknown, context: ExecutionContext): AnswerHead => {
  return new AnswerHead(context.switchToHttp().getResponse<Response>());
});

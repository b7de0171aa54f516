import type { ServerResponse } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { stringifySetCookie } from 'cookie';

/** One cookie as a handler wants it to be set; a null value clears it. */
export interface CookieOrder {
  readonly name: string;
  readonly value: string | null;
  readonly path: string;
  readonly sameSite: 'lax' | 'strict';
  readonly secure: boolean;
  readonly maxAgeSeconds: number;
}

/** As much of Fastify's reply as is used here. Express's response is Node's own. */
interface FastifyReply {
  readonly raw: ServerResponse;
  code(status: number): FastifyReply;
  header(name: string, value: string): FastifyReply;
  send(body: string): unknown;
}

/** What a room says of an answer beside its body: the one place that knows how each HTTP engine is told. */
export abstract class AnswerHead {
  /** The answer of either engine. */
  static of(response: object): AnswerHead {
    return 'raw' in response ? new FastifyAnswer(response as FastifyReply) : new NodeAnswer(response as ServerResponse);
  }

  abstract readonly raw: ServerResponse;
  abstract setHeader(name: string, value: string): void;
  /** Sends the whole answer. */
  abstract end(status: number, body: string): void;
  protected abstract addCookie(text: string): void;

  setHeaders(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
  }

  setCookies(orders: readonly CookieOrder[]): void {
    for (const { name, value, path, sameSite, secure, maxAgeSeconds } of orders) {
      const life = value === null ? { expires: new Date(0) } : { maxAge: maxAgeSeconds };
      const cookie = { name, value: value ?? '', path, sameSite, secure, httpOnly: true, ...life };
      // The token's own alphabet needs no encoding, and a cookie that is encoded is no longer the token.
      this.addCookie(stringifySetCookie(cookie, { encode: (text) => text }));
    }
  }
}

class NodeAnswer extends AnswerHead {
  constructor(readonly raw: ServerResponse) {
    super();
  }

  setHeader(name: string, value: string): void {
    this.raw.setHeader(name, value);
  }

  end(status: number, body: string): void {
    this.raw.statusCode = status;
    this.raw.end(body);
  }

  protected addCookie(text: string): void {
    this.raw.appendHeader('Set-Cookie', text);
  }
}

class FastifyAnswer extends AnswerHead {
  constructor(private readonly reply: FastifyReply) {
    super();
  }

  get raw(): ServerResponse {
    return this.reply.raw;
  }

  setHeader(name: string, value: string): void {
    this.reply.header(name, value);
  }

  end(status: number, body: string): void {
    this.reply.code(status).send(body);
  }

  protected addCookie(text: string): void {
    this.reply.header('Set-Cookie', text); // which adds to those that are there
  }
}

/** Hands a handler the answer that it is about to give. */
export const Answer = createParamDecorator((_: unknown, context: ExecutionContext): AnswerHead => {
  return AnswerHead.of(context.switchToHttp().getResponse<object>());
});

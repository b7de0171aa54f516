import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/** The connections of the server, and which answers are still owed on them: for a stop that no client can hold up. */
@Injectable()
export class Connections {
  private readonly open = new Set<Socket>();
  private readonly owed = new Map<ServerResponse, IncomingMessage>();
  private isEnding = false;

  /** Called once, before the server listens. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.on('close', () => this.open.delete(socket));
    });
    // Before the application, which may answer at once.
    server.prependListener('request', (request: IncomingMessage, answer: ServerResponse) => {
      this.owed.set(answer, request);
      if (this.isEnding) answer.setHeader('Connection', 'close');
      answer.on('close', () => {
        this.owed.delete(answer);
        // An answer that had begun before the stop could not say that its connection ends.
        if (this.isEnding) request.socket.destroySoon();
      });
    });
  }

  /** From now on each connection ends with its answer, and the answer says so (RFC 9112, section 9.6). */
  endWithAnswers(): void {
    this.isEnding = true;
    for (const answer of this.owed.keys()) if (!answer.headersSent) answer.setHeader('Connection', 'close');
  }

  /** Cuts every connection on which no whole request is waiting for its answer. */
  cutHalfSent(): void {
    const whole = new Set([...this.owed.values()].filter(({ complete }) => complete).map(({ socket }) => socket));
    for (const socket of this.open) if (!whole.has(socket)) socket.destroy();
  }

  /** Cuts every connection, also where an answer is still owed. */
  cutAll(): void {
    for (const socket of this.open) socket.destroy();
  }
}

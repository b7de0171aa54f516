import type { IncomingMessage } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { ProblemFilter } from '../http/problem.filter.js';

/** An HTTP engine as the service's edge needs it. What the rooms need of it, `RequestView` and `AnswerHead` know. */
export interface Engine {
  /** For `NestFactory.create`, on a server whose connections are bounded. */
  readonly adapter: AbstractHttpAdapter;

  /** Settings of its own, before anything is put in front of the routes; and how it refuses what it does not hand to Nest. */
  prepare(filter: ProblemFilter): void;

  /** Lets it read bodies by `readBody`, after everything that is in front of the routes. */
  readBodies(): void;

  /** The pattern of the route that a request has reached; null before that, and when there is none. */
  routeOf(request: IncomingMessage): string | null;

  /** The methods that this path has a route for: empty when the path is unknown. */
  allowedMethods(path: string): string[];
}

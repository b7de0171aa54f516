import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiResponse } from '@nestjs/swagger';
import { AppError, type ProblemCode, PROBLEMS } from '../core/app-error.js';
import { problemOf } from './problem.js';

const FIELD = {
  type: 'object',
  properties: { pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } },
};

const SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: { type: 'array', items: FIELD },
  },
};

/** Documents the refusals of a route, an example each. */
export function ApiProblems(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  const byStatus = groupByStatus(codes);
  return applyDecorators(
    ...[...byStatus].map(([status, group]) =>
      ApiResponse({
        status,
        description: group.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
        content: {
          'application/problem+json': { schema: SCHEMA as never, examples: Object.fromEntries(group.map(example)) },
        },
      }),
    ),
  );
}

/** Documents that a route is closed, and how to open it. */
export function ApiClosed(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiBearerAuth('bearer'),
    ApiCookieAuth('sessionCookie'),
    ApiCookieAuth('accessCookie'),
    ApiProblems(
      'credentials_missing',
      'token_invalid',
      'token_expired',
      'token_superseded',
      'token_reused',
      'session_expired',
      'session_revoked',
      'service_unavailable',
    ),
  );
}

function groupByStatus(codes: ProblemCode[]): Map<number, ProblemCode[]> {
  const groups = new Map<number, ProblemCode[]>();
  for (const code of codes) groups.set(PROBLEMS[code].status, [...(groups.get(PROBLEMS[code].status) ?? []), code]);
  return groups;
}

function example(code: ProblemCode): [string, { value: unknown }] {
  return [code, { value: problemOf(new AppError(code), '5c1f5f0e-6f2a-4a39-9c0a-0d6f4d2b7a11') }];
}

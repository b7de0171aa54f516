import { SetMetadata } from '@nestjs/common';
import { type FieldProblem, type ProblemCode, problemOf, PROBLEMS } from '../core/problem.js';
import { PROBLEM_SCHEMA_NAME, REQUEST_ID } from './problem-schemas.js';

/** One way for a request to be refused, as an example shows it. */
export interface SampleProblem {
  readonly code: ProblemCode;
  /** Tells it from others of the same code. */
  readonly name?: string;
  readonly detail?: string;
  readonly errors?: FieldProblem[];
  readonly violatedPolicies?: string[];
}

/** What each status carries beside its body. */
const HEADERS: Record<number, Record<string, { description: string; schema: { type: 'string' }; example: string }>> = {
  401: {
    'WWW-Authenticate': {
      description: '`Bearer` alone when nothing was sent (RFC 6750, section 3).',
      schema: { type: 'string' },
      example: 'Bearer error="invalid_token"',
    },
  },
  429: {
    'Retry-After': { description: 'In seconds, never too few.', schema: { type: 'string' }, example: '37' },
    RateLimit: {
      description: 'Of a limit by source, session or user (draft-ietf-httpapi-ratelimit-headers).',
      schema: { type: 'string' },
      example: '"login-source";r=0;t=37',
    },
    'RateLimit-Policy': {
      description: 'Beside `RateLimit`: the limit that was met.',
      schema: { type: 'string' },
      example: '"login-source";q=20;w=60',
    },
  },
  503: { 'Retry-After': { description: 'In seconds.', schema: { type: 'string' }, example: '1' } },
};

const USUAL: Partial<Record<ProblemCode, Omit<SampleProblem, 'code'>>> = {
  csrf_rejected: { detail: 'Call from a page of this site, or from an origin in CORS_ORIGINS.' },
  payload_too_large: { detail: 'A body has at most 16 KiB.' },
  service_unavailable: { detail: 'The database is not answering. Try again shortly.' },
  unsupported_media_type: { detail: 'Send application/json in UTF-8.' },
};

/** `validation_failed` for one field of the body or parameter of the query. */
export function invalid(pointer: string, detail: string, code = 'invalid'): SampleProblem {
  const errors = [{ pointer, code, detail }];
  return { code: 'validation_failed', detail: 'See errors for the fields to mend.', errors };
}

/** `password_too_weak` for the field that holds the password. */
export function tooWeak(pointer: string): SampleProblem {
  const detail = 'A password has at least 15 characters.';
  return { code: 'password_too_weak', detail, errors: [{ pointer, code: 'too_short', detail }] };
}

/** `rate_limited` by a limit that may be named. */
export function limited(name: string): SampleProblem {
  return { code: 'rate_limited', name, violatedPolicies: [name] };
}

/** The answers that show these refusals, by status. */
export function problemAnswers(problems: readonly (ProblemCode | SampleProblem)[]): Map<number, ProblemAnswer> {
  const samples = problems.map((problem) => (typeof problem === 'string' ? { code: problem } : problem));
  const statuses = [...new Set(samples.map(({ code }) => PROBLEMS[code].status))];
  return new Map(
    statuses.map((status) => [
      status,
      answer(
        status,
        samples.filter(({ code }) => PROBLEMS[code].status === status),
      ),
    ]),
  );
}

interface ProblemAnswer {
  description: string;
  headers?: (typeof HEADERS)[number];
  content: Record<string, { schema: { $ref: string }; examples: Record<string, { summary: string; value: unknown }> }>;
}

function answer(status: number, samples: SampleProblem[]): ProblemAnswer {
  const codes = [...new Set(samples.map(({ code }) => code))];
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
    ...(HEADERS[status] && { headers: HEADERS[status] }),
    content: {
      'application/problem+json': {
        schema: { $ref: `#/components/schemas/${PROBLEM_SCHEMA_NAME}` },
        examples: Object.fromEntries(samples.map(exampleOf)),
      },
    },
  };
}

function exampleOf({ code, name = code, ...told }: SampleProblem): [string, { summary: string; value: unknown }] {
  const { detail, ...extra } = { ...USUAL[code], ...told };
  return [name, { summary: name, value: { ...problemOf(code, detail, extra), requestId: REQUEST_ID } }];
}

const PROBLEMS_OF_ROUTE = 'sallyport:problems';

/** Documents the refusals of a route beside those that every route of its kind has, an example each. */
export function ApiProblems(...problems: (ProblemCode | SampleProblem)[]): MethodDecorator {
  return SetMetadata(PROBLEMS_OF_ROUTE, problems);
}

/** The refusals that a route has stated. */
export function statedProblems(handler: object): (ProblemCode | SampleProblem)[] {
  return (Reflect.getMetadata(PROBLEMS_OF_ROUTE, handler) as (ProblemCode | SampleProblem)[] | undefined) ?? [];
}

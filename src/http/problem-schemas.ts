import { PROBLEMS } from '../core/problem.js';

export const PROBLEM_SCHEMA_NAME = 'Problem';
/** In the examples. */
export const REQUEST_ID = '5c1f5f0e-6f2a-4a39-9c0a-0d6f4d2b7a11';

interface Text {
  type: 'string';
  description?: string;
  example?: string;
  enum?: string[];
}

const text = (description: string, example?: string): Text => ({
  type: 'string',
  description,
  ...(example !== undefined && { example }),
});

/** RFC 9457, with a `code` to act upon. */
export const PROBLEM_SCHEMAS = {
  [PROBLEM_SCHEMA_NAME]: {
    type: 'object',
    description: 'What every refusal looks like (RFC 9457). Act on `code`: it is stable.',
    required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
    properties: {
      type: text(
        'A name for the code that is unique in the world: one of ours, or that of a standard.',
        'urn:sallyport:problem:not_found',
      ),
      title: text('The code in words, always the same ones.', PROBLEMS.not_found.title),
      status: { type: 'integer', description: 'The status of the answer.', example: PROBLEMS.not_found.status },
      code: { ...text('Stable.', 'not_found'), enum: Object.keys(PROBLEMS) },
      detail: text('What happened this time, for people.', `${PROBLEMS.not_found.title}.`),
      requestId: text('Finds the request in the log; also in `X-Request-Id`.', REQUEST_ID),
      errors: { type: 'array', items: { $ref: '#/components/schemas/FieldProblem' } },
      'violated-policies': {
        type: 'array',
        description: 'Of `rate_limited`: the limits that were met, unless one is by account.',
        items: { type: 'string' },
        example: ['login-source'],
      },
    },
  },
  FieldProblem: {
    type: 'object',
    description: 'A field that is not as it should be. What was sent is never repeated.',
    required: ['pointer', 'code', 'detail'],
    properties: {
      pointer: text('Where in the body (RFC 6901) or in the query.', '/email'),
      code: text('What is wrong.', 'invalid'),
      detail: text('For people.', 'must be one e-mail address of at most 254 bytes'),
    },
  },
};

import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '../http/swagger.js';

const SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
};

/** Documents one refusal of an OAuth endpoint. */
export function ApiOauthError(status: number, error: string, description: string): MethodDecorator & ClassDecorator {
  return ApiResponse({
    status,
    description,
    content: { 'application/json': { schema: SCHEMA, example: { error, error_description: description } } },
  });
}

/** Documents the refusals of all OAuth endpoints (RFC 6749, section 5.2). */
export function ApiOauthErrors(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiOauthError(400, 'invalid_request', 'A parameter is missing, or was sent twice.'),
    ApiOauthError(401, 'invalid_client', 'The client is unknown or its secret is wrong.'),
    ApiOauthError(503, 'temporarily_unavailable', 'The store is not answering.'),
  );
}

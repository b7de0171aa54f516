import type { JsonWebKey } from 'node:crypto';
import { Get, Header } from '@nestjs/common';
import { OwnRoutes } from '../http/own-routes.js';
import { Public } from '../http/principal.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../http/swagger.js';
import { JWKS_MAX_AGE_MS } from '../keys/key-rotation.js';
import { KeySet } from '../keys/key-set.js';

/** How long others may keep what is published here. A new key is published this long, and more, before it signs. */
export const CACHEABLE = `public, max-age=${JWKS_MAX_AGE_MS / 1000}`;

@OwnRoutes('.well-known')
@ApiTags('for other services')
@Public()
export class JwksController {
  constructor(private readonly keys: KeySet) {}

  @Get('jwks.json')
  @Header('Cache-Control', CACHEABLE)
  @ApiOperation({
    summary: 'The public keys that verify access tokens (RFC 7517)',
    description: 'Empty in session mode and under HS256.',
  })
  @ApiOkResponse({
    description: 'A JWK set. It may be kept for five minutes.',
    schema: {
      type: 'object',
      required: ['keys'],
      properties: { keys: { type: 'array', items: { type: 'object', additionalProperties: true } } },
    },
    example: { keys: [{ kty: 'EC', crv: 'P-256', x: '…', y: '…', kid: '…', alg: 'ES256', use: 'sig' }] },
  })
  jwks(): { keys: JsonWebKey[] } {
    return { keys: this.keys.published() };
  }
}

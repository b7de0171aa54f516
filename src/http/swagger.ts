import { createRequire } from 'node:module';
import type * as Swagger from '@nestjs/swagger';

/** What our routes and DTOs say of themselves to OpenAPI. */
type Decorators = Pick<
  typeof Swagger,
  | 'ApiBasicAuth'
  | 'ApiBearerAuth'
  | 'ApiBody'
  | 'ApiConsumes'
  | 'ApiCookieAuth'
  | 'ApiCreatedResponse'
  | 'ApiNoContentResponse'
  | 'ApiOkResponse'
  | 'ApiOperation'
  | 'ApiParam'
  | 'ApiProperty'
  | 'ApiPropertyOptional'
  | 'ApiQuery'
  | 'ApiResponse'
  | 'ApiSecurity'
  | 'ApiTags'
>;

/** An application that describes nothing needs no `@nestjs/swagger`: the decorators are then without effect. */
function load(): Decorators {
  try {
    return createRequire(import.meta.url)('@nestjs/swagger') as Decorators;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error;
    return new Proxy({} as Decorators, { get: () => () => () => undefined });
  }
}

export const {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiPropertyOptional,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} = load();

import { Get } from '@nestjs/common';
import { ApiProblems } from '../http/api-problems.js';
import { OwnRoutes } from '../http/own-routes.js';
import { Public } from '../http/principal.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../http/swagger.js';
import { Readiness, ReadyDto } from './readiness.js';

@OwnRoutes('health')
@ApiTags('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  @ApiOkResponse({
    description: 'It does.',
    schema: { type: 'object', required: ['status'], properties: { status: { type: 'string', enum: ['ok'] } } },
    example: { status: 'ok' },
  })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'It may be sent requests' })
  @ApiOkResponse({ type: ReadyDto, description: 'Ready.' })
  @ApiProblems('service_unavailable')
  async ready(): Promise<ReadyDto> {
    return this.readiness.check();
  }
}

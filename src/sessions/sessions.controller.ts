import { Delete, Get, HttpCode, Param } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { ApiProblems, invalid } from '../http/api-problems.js';
import { OwnRoutes } from '../http/own-routes.js';
import { CurrentUser, type Principal } from '../http/principal.js';
import { actedBy, Incoming, type RequestView } from '../http/request-view.js';
import { TakesQuery } from '../http/route-facts.js';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '../http/swagger.js';
import { DeviceDto, EndedDto, EndSessionsQueryDto } from './dto/session.dto.js';
import { SessionsService } from './sessions.service.js';
import { CheckedQuery } from '../http/validation.js';

@OwnRoutes('auth/sessions')
@ApiTags('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @ApiOperation({ summary: 'My devices: every session that is logged in as me' })
  @ApiOkResponse({ type: [DeviceDto], description: 'The one that asks has `current: true`.' })
  async list(@CurrentUser() me: Principal): Promise<DeviceDto[]> {
    const sessions = await this.sessions.list(me.userId);
    return sessions.map((session) => DeviceDto.listed(session, me.sessionId));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Log one device out',
    description: 'A session that is over, of somebody else or unknown: 404, all the same.',
  })
  @ApiParam({ name: 'id', format: 'uuid', description: 'An `id` of `GET /auth/sessions`.' })
  @ApiNoContentResponse({ description: 'It has been ended.' })
  @ApiProblems('not_found', 'csrf_rejected')
  async end(@CurrentUser() me: Principal, @Param('id') id: string, @Incoming() request: RequestView): Promise<void> {
    const ended = await this.sessions.end(me.userId, id, 'ended_by_user', actedBy(me.userId, request));
    if (!ended) throw new AppError('not_found');
  }

  @Delete()
  @TakesQuery()
  @ApiOperation({ summary: 'Log all other devices out' })
  @ApiQuery({ name: 'include', required: false, enum: ['current'], description: '`current` ends this session too.' })
  @ApiOkResponse({ type: EndedDto, description: 'They have been ended.' })
  @ApiProblems(invalid('/include', 'include must be one of the following values: current'), 'csrf_rejected')
  async endOthers(
    @CurrentUser() me: Principal,
    @CheckedQuery() { include }: EndSessionsQueryDto,
    @Incoming() request: RequestView,
  ): Promise<EndedDto> {
    const keepId = include === 'current' ? null : me.sessionId;
    const ended = await this.sessions.endOthers(me.userId, keepId, 'ended_by_user', actedBy(me.userId, request));
    return { ended };
  }
}

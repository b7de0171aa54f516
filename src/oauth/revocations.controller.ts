import { Get, Header, StreamableFile, UseGuards } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { AppError, UnavailableError } from '../core/app-error.js';
import { OwnRoutes } from '../http/own-routes.js';
import { Public } from '../http/principal.js';
import { Incoming, type RequestView } from '../http/request-view.js';
import { SpeaksOauth, TakesQuery } from '../http/route-facts.js';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '../http/swagger.js';
import { RevocationWindow } from '../revocations/revocation-window.js';
import { EndedLately } from '../sessions/ended-lately.js';
import { ENDED_LATELY_MS } from '../sessions/retention.js';
import { ApiOauthError, ApiOauthErrors } from './api-oauth-errors.js';
import { ClientGuard, CurrentClient } from './client.guard.js';
import type { OauthClient } from './clients-file.js';
import type { FeedEvent } from './feed-event.js';
import { FeedFollowers, MAX_STREAMS_PER_CLIENT } from './feed-followers.js';
import { CheckedQuery } from '../http/validation.js';

class RevocationsQueryDto {
  @IsOptional()
  @IsString({ message: 'must be sent once' })
  after?: string;
}

const WINDOW_SECONDS = ENDED_LATELY_MS / 1000;

const SCHEMA = {
  type: 'object',
  required: ['events', 'cursor', 'windowSeconds'],
  properties: {
    events: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type'],
        properties: { type: { type: 'string' } },
        additionalProperties: true,
      },
    },
    cursor: { type: 'string', description: 'For `after`, next time.' },
    windowSeconds: { type: 'integer', description: 'How long an event is kept.' },
  },
};

const EXAMPLE = {
  events: [
    { type: 'session-revoked', sid: '0198c5a3-11d0-7b4e-8a55-6f0e9f6b7c21', at: 1767605400000 },
    { type: 'user-not-before', sub: '0198c5a2-7c1e-7d3a-9d62-3f1c8f5b2a10', notBefore: 1767605400000 },
    { type: 'key-retired', kid: 'wXJ3b9rQd0YkYk3m4w2m4M0Zq1tqk0vO8vB0W3m2kXg' },
  ],
  cursor: 'MTc2NzYwNTQwMDAwMC4xNzY3NjA1NDAwMDAw',
  windowSeconds: WINDOW_SECONDS,
};

@OwnRoutes('oauth/revocations')
@ApiTags('for other services')
@ApiBasicAuth('client')
@ApiOauthErrors()
@SpeaksOauth()
@Public()
@UseGuards(ClientGuard)
export class RevocationsController {
  constructor(
    private readonly window: RevocationWindow,
    private readonly ended: EndedLately,
    private readonly followers: FeedFollowers,
  ) {}

  @Get()
  @TakesQuery()
  @Header('Vary', 'Accept')
  @Header('X-Accel-Buffering', 'no')
  @ApiOperation({
    summary: 'What has ended lately, as it happens',
    description:
      'Server-sent events, or one page with `Accept: application/json`. Without a cursor: everything within the window, ' +
      'which is longer than any access token lives. A heartbeat comes at least every second while the store answers; ' +
      'the first says that everything older has been sent. An event may be sent again; ignore one of a type that you do ' +
      'not know. Which keys are retired is told whatever the cursor is. A cursor that is too old is refused: start again ' +
      'without one. A stream ends after an hour: go on from the last cursor. ' +
      `A client has at most ${MAX_STREAMS_PER_CLIENT} streams open.`,
  })
  @ApiQuery({ name: 'after', required: false, type: String, description: 'The cursor to go on from.' })
  @ApiOauthError(429, 'temporarily_unavailable', 'The client has as many streams open as it may.')
  @ApiOkResponse({
    description: 'What has ended.',
    content: {
      'application/json': { schema: SCHEMA, example: EXAMPLE },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  follow(
    @Incoming() { headers }: RequestView,
    @CurrentClient() client: OauthClient,
    @CheckedQuery() query: RevocationsQueryDto,
  ): StreamableFile | RevocationsPage {
    if (!this.ended.isUpToDate) throw new UnavailableError('The store');
    const events = this.window.since(query.after ?? textOf(headers['last-event-id']));
    if (!events) throw new AppError('invalid_request', 'The cursor is too old, or none: start again without one.');
    if (!textOf(headers.accept)?.includes('application/json')) {
      return this.followers.follow(client, events).answer;
    }
    return {
      events: [...events, ...this.followers.retiredKeys()],
      cursor: this.window.cursor,
      windowSeconds: WINDOW_SECONDS,
    };
  }
}

interface RevocationsPage {
  readonly events: readonly FeedEvent[];
  readonly cursor: string;
  readonly windowSeconds: number;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

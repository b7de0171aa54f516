import { Controller, Get, Header, type OnModuleDestroy, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

import { AppError, UnavailableError } from '../core/app-error.js';
import { StoreTime } from '../core/store-time.js';
import { EventStream, type StreamedEvent } from '../http/event-stream.js';
import { Public } from '../http/principal.js';
import { Incoming, type RequestView } from '../http/request-view.js';
import { TakesQuery } from '../http/unknown-query.interceptor.js';
import type { RevocationEvent } from '../revocations/revocation-event.js';
import { RevocationWindow } from '../revocations/revocation-window.js';
import { EndedLately } from '../sessions/ended-lately.js';
import { ENDED_LATELY_MS } from '../sessions/retention.js';
import { ApiOauthErrors } from './api-oauth-errors.js';
import { ClientGuard } from './client.guard.js';

class RevocationsQueryDto {
  @ApiPropertyOptional({ type: String, description: 'The cursor to go on from.' })
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
  ],
  cursor: 'MTc2NzYwNTQwMDAwMC4xNzY3NjA1NDAwMDAw',
  windowSeconds: WINDOW_SECONDS,
};

@ApiTags('for other services')
@ApiBasicAuth('client')
@ApiOauthErrors()
@Public()
@UseGuards(ClientGuard)
@Controller('oauth/revocations')
export class RevocationsController implements OnModuleDestroy {
  private readonly open = new Set<EventStream>();

  constructor(
    private readonly window: RevocationWindow,
    private readonly ended: EndedLately,
    private readonly time: StoreTime,
  ) {}

  /** A stream has no end of its own, and the server would wait for it. */
  onModuleDestroy(): void {
    for (const stream of this.open) stream.close();
  }

  @Get()
  @TakesQuery()
  @Header('Vary', 'Accept')
  @Header('X-Accel-Buffering', 'no')
  @ApiOperation({
    summary: 'What has ended lately, as it happens',
    description:
      'Server-sent events, or one page with `Accept: application/json`. Without a cursor: everything within the window, ' +
      'which is longer than any access token lives. A heartbeat comes at least every second while the store answers; ' +
      'the first says that everything older has been sent. An event may be sent again. A cursor that is too old is ' +
      'refused: start again without one.',
  })
  @ApiOkResponse({
    description: 'What has ended.',
    content: {
      'application/json': { schema: SCHEMA, example: EXAMPLE },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  follow(@Incoming() request: RequestView, @Query() query: RevocationsQueryDto): StreamableFile | RevocationsPage {
    if (!this.ended.isUpToDate) throw new UnavailableError('The store');
    const events = this.window.since(query.after ?? textOf(request.headers['last-event-id']));
    if (!events) throw new AppError('invalid_request', 'The cursor is too old, or none: start again without one.');
    if (!textOf(request.headers.accept)?.includes('application/json')) return this.stream(events);
    return { events, cursor: this.window.cursor, windowSeconds: WINDOW_SECONDS };
  }

  private stream(before: readonly RevocationEvent[]): StreamableFile {
    const stream = new EventStream([...before.map(streamed), this.heartbeat(this.time.now())]);
    const tell = (events: readonly RevocationEvent[]): void => {
      for (const event of events) stream.send(streamed(event));
      // A heartbeat promises that every older revocation has been sent. While this instance is behind the store it can promise
      // nothing, and sends none.
      const at = this.time.known;
      if (at !== null && this.ended.isUpToDate) stream.send(this.heartbeat(at));
    };
    const stop = this.window.follow(tell);
    this.open.add(stream);
    stream.onClose(() => {
      stop();
      this.open.delete(stream);
    });
    return stream.answer;
  }

  /** The cursor comes last: a reader who is cut off half-way goes on before what it has missed. */
  private heartbeat(at: number): StreamedEvent {
    return { event: 'heartbeat', id: this.window.cursor, data: { at } };
  }
}

function streamed(event: RevocationEvent): StreamedEvent {
  return { event: event.type, data: event };
}

interface RevocationsPage {
  readonly events: readonly RevocationEvent[];
  readonly cursor: string;
  readonly windowSeconds: number;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

import { Module } from '@nestjs/common';
import { EndedSessions } from './ended-sessions.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { Sweeper } from './sweeper.js';

@Module({
  controllers: [SessionsController],
  providers: [SessionsService, EndedSessions, Sweeper],
  exports: [SessionsService, EndedSessions],
})
export class SessionsModule {}

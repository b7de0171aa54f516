import { Module } from '@nestjs/common';
import { EndedSessions } from './ended-sessions.js';
import { RevocationAnnouncer } from './revocation.announcer.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { Sweeper } from './sweeper.js';

@Module({
  controllers: [SessionsController],
  providers: [SessionsService, EndedSessions, RevocationAnnouncer, Sweeper],
  exports: [SessionsService, EndedSessions],
})
export class SessionsModule {}

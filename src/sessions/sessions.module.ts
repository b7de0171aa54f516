import { Module } from '@nestjs/common';
import { EndRecorder } from './end-recorder.js';
import { EndedLately } from './ended-lately.js';
import { Liveness } from './liveness.js';
import { RevocationAnnouncer } from './revocation.announcer.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { Sweeper } from './sweeper.js';
import { UseRecorder } from './use-recorder.js';

@Module({
  controllers: [SessionsController],
  providers: [SessionsService, EndRecorder, EndedLately, Liveness, UseRecorder, RevocationAnnouncer, Sweeper],
  exports: [SessionsService, EndedLately, Liveness, UseRecorder],
})
export class SessionsModule {}

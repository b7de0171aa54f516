import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module.js';
import { EndRecorder } from './end-recorder.js';
import { EndedLately } from './ended-lately.js';
import { Liveness } from './liveness.js';
import { RevocationAnnouncer } from './revocation.announcer.js';
import { RotationRefusals } from './rotation-refusals.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { Sweeper } from './sweeper.js';
import { UseRecorder } from './use-recorder.js';

@Module({
  imports: [LimitsModule],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    RotationRefusals,
    EndRecorder,
    EndedLately,
    Liveness,
    UseRecorder,
    RevocationAnnouncer,
    Sweeper,
  ],
  exports: [SessionsService, EndedLately, Liveness, UseRecorder],
})
export class SessionsModule {}

import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ChangedUsers } from './changed-users.js';
import { RevocationPoller } from './revocation.poller.js';
import { RevocationReader } from './revocation-reader.js';
import { RevocationWindow } from './revocation-window.js';

/** Follows the stores: what other instances have ended is soon known here. */
@Module({
  imports: [SessionsModule],
  providers: [RevocationPoller, RevocationReader, RevocationWindow, ChangedUsers],
  exports: [RevocationPoller, RevocationWindow],
})
export class RevocationsModule {}

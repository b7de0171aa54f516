import { Global, Module } from '@nestjs/common';
import { AuditTrail, LoggedAuditTrail } from './audit-trail.js';
import { Clock, SystemClock } from './clock.js';

@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    { provide: AuditTrail, useClass: LoggedAuditTrail },
  ],
  exports: [Clock, AuditTrail],
})
export class CoreModule {}

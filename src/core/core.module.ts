import { Global, Module } from '@nestjs/common';
import { AuditTrail, LoggedAuditTrail } from './audit-trail.js';
import { Clock, SystemClock } from './clock.js';
import { StoreTime } from './store-time.js';

@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    { provide: AuditTrail, useClass: LoggedAuditTrail },
    StoreTime,
  ],
  exports: [Clock, AuditTrail, StoreTime],
})
export class CoreModule {}

import { Global, Module } from '@nestjs/common';
import { AuditTrail, LoggedAuditTrail } from './audit-trail.js';

@Global()
@Module({ providers: [{ provide: AuditTrail, useClass: LoggedAuditTrail }], exports: [AuditTrail] })
export class AuditModule {}

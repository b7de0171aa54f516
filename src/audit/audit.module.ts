import { Global, Module } from '@nestjs/common';
import { AuditKeeper } from './audit-keeper.js';
import { AuditLog } from './audit-log.js';
import { SallyportEvents } from './events.js';

@Global()
@Module({ providers: [SallyportEvents, AuditLog, AuditKeeper], exports: [SallyportEvents, AuditLog] })
export class AuditModule {}

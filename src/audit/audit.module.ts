import { Global, Module } from '@nestjs/common';
import { AuditKeeper } from './audit-keeper.js';
import { AuditLog } from './audit-log.js';

@Global()
@Module({ providers: [AuditLog, AuditKeeper], exports: [AuditLog] })
export class AuditModule {}

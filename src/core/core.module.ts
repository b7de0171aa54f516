import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';
import { Clock, SystemClock } from './clock.js';
import { PasswordHasher } from './password-hasher.js';

@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, PasswordHasher, AuditLog],
  exports: [Clock, PasswordHasher, AuditLog],
})
export class CoreModule {}

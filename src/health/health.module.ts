import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { OauthModule } from '../oauth/oauth.module.js';
import { RevocationsModule } from '../revocations/revocations.module.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

@Module({
  imports: [KeysModule, RevocationsModule, AuthModule, OauthModule],
  controllers: [HealthController],
  providers: [Readiness],
})
export class HealthModule {}

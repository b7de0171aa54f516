import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { RevocationsModule } from '../revocations/revocations.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { FeedFollowers } from './feed-followers.js';
import { IntrospectionService } from './introspection.service.js';
import { JwksController } from './jwks.controller.js';
import { MetadataController } from './metadata.controller.js';
import { OauthClients } from './oauth-clients.js';
import { OauthController } from './oauth.controller.js';
import { RevocationsController } from './revocations.controller.js';

@Module({
  imports: [AuthModule, KeysModule, RevocationsModule],
  controllers: [JwksController, MetadataController, OauthController, RevocationsController],
  providers: [OauthClients, FeedFollowers, IntrospectionService],
  exports: [OauthClients],
})
export class OauthModule {}

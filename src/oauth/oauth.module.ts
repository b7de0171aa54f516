import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { JwksController } from './jwks.controller.js';

@Module({ imports: [AuthModule], controllers: [JwksController] })
export class OauthModule {}

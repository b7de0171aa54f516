import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module.js';
import { CommonPasswords } from './common-passwords.js';
import { NewPassword } from './new-password.js';
import { PasswordHasher } from './password-hasher.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [LimitsModule],
  controllers: [UsersController],
  providers: [UsersService, NewPassword, CommonPasswords, PasswordHasher],
  exports: [UsersService],
})
export class UsersModule {}

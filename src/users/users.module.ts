import { Module } from '@nestjs/common';
import { CommonPasswords } from './common-passwords.js';
import { NewPassword } from './new-password.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({
  controllers: [UsersController],
  providers: [UsersService, NewPassword, CommonPasswords],
  exports: [UsersService],
})
export class UsersModule {}

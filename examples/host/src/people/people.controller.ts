import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { CurrentUser, Logins, Public, UserStore } from '@sallyport/nest';
import type { Request, Response } from 'express';
import { PeopleService } from './people.service.js';

@Controller('people')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly logins: Logins,
    private readonly users: UserStore,
  ) {}

  @Get('me')
  me(@CurrentUser('userId') userId: string) {
    return this.people.find(userId);
  }

  /** Sallyport's types have names here, too. */
  @Get('stored')
  stored(@CurrentUser('userId') userId: string) {
    return this.users.find(userId);
  }

  /** Somebody whom this application has made sure of by itself. */
  @Public()
  @Post('sso')
  sso(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    const { userId } = request.body as { userId: string };
    return this.logins.openFor(userId, { amr: ['sso'] }, request, response);
  }
}

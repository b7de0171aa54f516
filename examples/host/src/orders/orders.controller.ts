import {
  Body,
  ConflictException,
  Controller,
  Get,
  ImATeapotException,
  NotFoundException,
  Param,
  Post,
  Query,
  ServiceUnavailableException,
  UseGuards,
} from '@nestjs/common';
import { SkipThrottle, Throttle } from '@nestjs/throttler';
import { CurrentUser, JwtGuard, type Principal, Roles, SessionGuard } from '@sallyport/nest';

@Controller('orders')
export class OrdersController {
  @Get()
  mine(@CurrentUser() me: Principal, @Query('status') status = 'all', @Query('tags') tags: string[] = []) {
    return { userId: me.userId, status, tags };
  }

  @Get('id')
  id(@CurrentUser('userId') userId: string) {
    return { userId };
  }

  @Roles('clerk')
  @Get('takings')
  takings() {
    return { takings: 'a lot' };
  }

  @UseGuards(SessionGuard)
  @Get('by-session')
  bySession(@CurrentUser() me: Principal) {
    return { mode: me.mode };
  }

  @UseGuards(JwtGuard)
  @Get('by-jwt')
  byJwt(@CurrentUser() me: Principal) {
    return { mode: me.mode };
  }

  @Get('conflict')
  conflict(): never {
    throw new ConflictException('The order was changed by somebody else.');
  }

  @Get('teapot')
  teapot(): never {
    throw new ImATeapotException('Short and stout.');
  }

  @Get('busy')
  busy(): never {
    throw new ServiceUnavailableException('The till is closed.');
  }

  @Get('broken')
  broken(): never {
    throw new Error('A secret of this application.');
  }

  @SkipThrottle({ default: false })
  @Throttle({ default: { limit: 1, ttl: 60_000 } })
  @Get('seldom')
  seldom() {
    return { seldom: true };
  }

  @Get(':id')
  one(@Param('id') id: string): never {
    throw new NotFoundException(`There is no order ${id}.`);
  }

  /** Whatever JSON it is: a list of orders, one with many fields, a large one. */
  @Post()
  place(@Body() body: unknown) {
    return { isList: Array.isArray(body), size: JSON.stringify(body).length, keys: Object.keys(body as object).length };
  }
}

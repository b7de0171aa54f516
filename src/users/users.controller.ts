import { Get, Param, Patch } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { ApiProblems, invalid } from '../http/api-problems.js';
import { OwnRoutes } from '../http/own-routes.js';
import { CurrentUser, type Principal } from '../http/principal.js';
import { TakesQuery } from '../http/route-facts.js';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '../http/swagger.js';
import { DISPLAY_NAME_RULE } from './dto/fields.js';
import { ListedUserDto, RenameDto, UserDto, UserPageDto } from './dto/user.dto.js';
import { decodeCursor, encodeCursor, UserQueryDto } from './dto/user-query.dto.js';
import type { User } from './user.js';
import { UsersService } from './users.service.js';
import { CheckedBody, CheckedQuery } from '../http/validation.js';

@OwnRoutes('users')
@ApiTags('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @TakesQuery()
  @ApiOperation({ summary: 'Everyone, a page at a time', description: 'Admins see more of each user.' })
  @ApiQuery({ type: UserQueryDto })
  @ApiOkResponse({ type: UserPageDto, description: 'A page.' })
  @ApiProblems(invalid('/limit', 'must be a whole number from 1 to 100'))
  async list(@CurrentUser() me: Principal, @CheckedQuery() query: UserQueryDto): Promise<UserPageDto> {
    const limit = UserQueryDto.limitOf(query);
    const found = await this.users.page(query.cursor === undefined ? null : decodeCursor(query.cursor), limit + 1);
    const shown = found.slice(0, limit);
    return {
      items: shown.map((user) => ListedUserDto.of(user, isAdmin(me))),
      nextCursor: found.length > limit ? encodeCursor(shown.at(-1)!.id) : null,
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One user', description: 'Admins see more.' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'An `id` of `GET /users`.' })
  @ApiOkResponse({ type: ListedUserDto, description: 'The user.' })
  @ApiProblems('not_found')
  async find(@CurrentUser() me: Principal, @Param('id') id: string): Promise<ListedUserDto> {
    return ListedUserDto.of(existing(await this.users.find(id)), isAdmin(me));
  }

  @Patch('me')
  @ApiOperation({ summary: 'Change my name' })
  @ApiBody({ type: RenameDto })
  @ApiOkResponse({ type: UserDto, description: 'Me, renamed.' })
  @ApiProblems(invalid('/name', DISPLAY_NAME_RULE), 'csrf_rejected')
  async rename(@CurrentUser() me: Principal, @CheckedBody() { name }: RenameDto): Promise<UserDto> {
    return UserDto.of(existing(await this.users.rename(me.userId, name)));
  }
}

function isAdmin(principal: Principal): boolean {
  return principal.roles.includes('admin');
}

function existing(user: User | null): User {
  if (!user) throw new AppError('not_found');
  return user;
}

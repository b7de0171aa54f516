import { Post } from '@nestjs/common';
import { ApiProblems, invalid, limited, tooWeak } from '../http/api-problems.js';
import { OwnRoutes } from '../http/own-routes.js';
import { Public } from '../http/principal.js';
import { Incoming, type RequestView } from '../http/request-view.js';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiTags } from '../http/swagger.js';
import { CheckedBody } from '../http/validation.js';
import { UserDto } from '../users/dto/user.dto.js';
import { UsersService } from '../users/users.service.js';
import { RegisterDto } from './dto/login.dto.js';

@OwnRoutes('auth/register')
@ApiTags('auth')
export class RegistrationController {
  constructor(private readonly users: UsersService) {}

  @Public()
  @Post()
  @ApiOperation({
    operationId: 'authRegister',
    summary: 'Open an account',
    description: 'Logs nobody in: `POST /auth/login` comes next. A second time the same e-mail is `email_taken`.',
  })
  @ApiBody({ type: RegisterDto })
  @ApiCreatedResponse({ type: UserDto, description: 'The account is there.' })
  @ApiProblems(
    'email_taken',
    invalid('/email', 'must be one e-mail address of at most 254 bytes'),
    tooWeak('/password'),
    'csrf_rejected',
    limited('register-source'),
    'service_unavailable',
  )
  async register(
    @CheckedBody() { email, password, name }: RegisterDto,
    @Incoming() request: RequestView,
  ): Promise<UserDto> {
    return UserDto.of(await this.users.register(email, password, name ?? null, request));
  }
}

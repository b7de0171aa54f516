import { IsIn, IsNotEmpty, ValidateIf } from 'class-validator';
import type { Transport } from '../../core/credential.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/swagger.js';
import { IsDisplayName, IsMailbox, IsPasswordText } from '../../users/dto/fields.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'analytical engines weave';

/** The first one is what the page sends as it stands. */
export const LOGIN_EXAMPLES = {
  cookie: { summary: 'cookie', value: { email: EMAIL, password: PASSWORD } },
  bearer: { summary: 'bearer', value: { email: EMAIL, password: PASSWORD, transport: 'bearer' } },
};

export const REFRESH_EXAMPLES = {
  none: { summary: 'by the cookies, or the bearer of session mode', value: {} },
  refreshToken: { summary: 'by the refresh token of jwt mode', value: { refreshToken: 'ref_…' } },
};

/** Present or absent, but never null: null is no text. */
const present = (_: object, value: unknown): boolean => value !== undefined;

export class RegisterDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: EMAIL })
  @IsMailbox()
  email: string;

  @ApiProperty({
    format: 'password',
    minLength: 8,
    maxLength: 256,
    description: 'At least `passwordMinLength` characters, see `GET /auth/config`: 15 unless set otherwise.',
    example: PASSWORD,
  })
  @IsPasswordText()
  password: string;

  @ApiPropertyOptional({
    type: String,
    minLength: 1,
    maxLength: 100,
    description: 'What others see.',
    example: 'Ada Lovelace',
  })
  @ValidateIf(present)
  @IsDisplayName()
  name?: string;
}

export class LoginDto {
  @ApiProperty({ format: 'email', example: EMAIL })
  @IsMailbox()
  email: string;

  @ApiProperty({ format: 'password', example: PASSWORD })
  @IsPasswordText()
  @IsNotEmpty({ message: 'must not be empty' })
  password: string;

  @ApiPropertyOptional({
    enum: ['cookie', 'bearer'],
    default: 'cookie',
    description: 'How the client wants to carry its credential.',
    example: 'cookie',
  })
  @ValidateIf(present)
  @IsIn(['cookie', 'bearer'], { message: 'must be cookie or bearer' })
  transport?: Transport;
}

export class RefreshDto {
  @ApiPropertyOptional({
    type: String,
    description: 'For the bearer transport in jwt mode. Leave it or the whole body out otherwise.',
    example: 'ref_…',
  })
  @ValidateIf(present)
  @IsPasswordText()
  refreshToken?: string;
}

export class PasswordDto {
  @ApiProperty({ format: 'password', example: PASSWORD })
  @IsPasswordText()
  @IsNotEmpty({ message: 'must not be empty' })
  currentPassword: string;

  @ApiProperty({
    format: 'password',
    minLength: 8,
    maxLength: 256,
    description: 'As at `POST /auth/register`.',
    example: 'difference engines hum',
  })
  @IsPasswordText()
  newPassword: string;
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, ValidateIf } from 'class-validator';
import type { Transport } from '../../core/credential.js';
import { IsDisplayName, IsMailbox, IsPasswordText } from '../../users/dto/fields.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'analytical engines weave';

/** Present or absent, but never null: null is no text. */
const present = (_: object, value: unknown): boolean => value !== undefined;

export class RegisterDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: EMAIL })
  @IsMailbox()
  email: string;

  @ApiProperty({
    minLength: 15,
    maxLength: 256,
    description: 'At least PASSWORD_MIN_LENGTH characters.',
    example: PASSWORD,
  })
  @IsPasswordText()
  password: string;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 100, example: 'Ada Lovelace' })
  @ValidateIf(present)
  @IsDisplayName()
  name?: string;
}

export class LoginDto {
  @ApiProperty({ format: 'email', example: EMAIL })
  @IsMailbox()
  email: string;

  @ApiProperty({ example: PASSWORD })
  @IsPasswordText()
  @IsNotEmpty({ message: 'must not be empty' })
  password: string;

  @ApiPropertyOptional({
    enum: ['cookie', 'bearer'],
    default: 'cookie',
    description: 'How the client wants to carry its credential.',
  })
  @ValidateIf(present)
  @IsIn(['cookie', 'bearer'], { message: 'must be cookie or bearer' })
  transport?: Transport;
}

export class RefreshDto {
  @ApiPropertyOptional({
    type: String,
    description: 'For the bearer transport in jwt mode. Leave the body out otherwise.',
  })
  @ValidateIf(present)
  @IsPasswordText()
  refreshToken?: string;
}

export class PasswordDto {
  @ApiProperty({ example: PASSWORD })
  @IsPasswordText()
  @IsNotEmpty({ message: 'must not be empty' })
  currentPassword: string;

  @ApiProperty({ minLength: 15, maxLength: 256, example: 'difference engines hum' })
  @IsPasswordText()
  newPassword: string;
}

import { ApiProperty, ApiPropertyOptional } from '../../http/swagger.js';
import type { User, UserStatus } from '../user.js';
import { IsDisplayName } from './fields.js';

const ID = '0198c5a2-7c1e-7d3a-9d62-3f1c8f5b2a10';

/** A user as they see themselves. */
export class UserDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'ada@example.com' })
  email: string;

  @ApiProperty({ type: String, nullable: true, example: 'Ada Lovelace' })
  name: string | null;

  @ApiProperty({ type: [String], example: ['user'] })
  roles: string[];

  static of({ id, email, name, roles }: User): UserDto {
    return { id, email, name, roles: [...roles] };
  }
}

/** A user as others see them: the optional fields are for admins. */
export class ListedUserDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ type: String, nullable: true, example: 'Ada Lovelace' })
  name: string | null;

  @ApiPropertyOptional({ description: 'For admins.', example: 'ada@example.com' })
  email?: string;

  @ApiPropertyOptional({ type: [String], description: 'For admins.', example: ['user'] })
  roles?: string[];

  @ApiPropertyOptional({ enum: ['active', 'disabled'], description: 'For admins.', example: 'active' })
  status?: UserStatus;

  @ApiPropertyOptional({ format: 'date-time', description: 'For admins.', example: '2026-01-05T09:30:00.000Z' })
  createdAt?: string;

  static of(user: User, forAdmin: boolean): ListedUserDto {
    const { id, name, email, roles, status, createdAt } = user;
    if (!forAdmin) return { id, name };
    return { id, name, email, roles: [...roles], status, createdAt: createdAt.toISOString() };
  }
}

export class UserPageDto {
  @ApiProperty({ type: [ListedUserDto] })
  items: ListedUserDto[];

  @ApiProperty({ type: String, nullable: true, description: 'For the next page; null on the last.', example: null })
  nextCursor: string | null;
}

export class RenameDto {
  @ApiProperty({ minLength: 1, maxLength: 100, example: 'Ada King' })
  @IsDisplayName()
  name: string;
}

import { IsOptional, isString, ValidateBy } from 'class-validator';
import { validate as isUuid } from 'uuid';
import { ApiPropertyOptional } from '../../http/swagger.js';

const DEFAULT_LIMIT = 20;

const queryRule = (name: string, message: string, holds: (text: string) => boolean): PropertyDecorator =>
  ValidateBy({
    name,
    validator: { validate: (value) => isString(value) && holds(value), defaultMessage: () => message },
  });

/** Query values are text; they are read here and nowhere converted behind one's back. */
export class UserQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_LIMIT })
  @IsOptional()
  @queryRule('isLimit', 'must be a whole number from 1 to 100', (text) => /^([1-9]\d?|100)$/.test(text))
  limit?: string;

  @ApiPropertyOptional({ type: String, description: 'The `nextCursor` of the page before.' })
  @IsOptional()
  @queryRule('isCursor', 'must be the nextCursor of an earlier page', (text) => decodeCursor(text) !== null)
  cursor?: string;

  static limitOf(query: UserQueryDto): number {
    return query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit);
  }
}

export function encodeCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** The id that a cursor stands for, or null when it stands for none. */
export function decodeCursor(cursor: string): string | null {
  const id = Buffer.from(cursor, 'base64url').toString();
  return isUuid(id) && encodeCursor(id) === cursor ? id : null;
}

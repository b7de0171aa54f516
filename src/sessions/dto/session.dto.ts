import { IsIn, IsOptional } from 'class-validator';
import type { AuthMode, Transport } from '../../core/credential.js';
import { ApiProperty } from '../../http/swagger.js';
import type { Session } from '../session.js';

const ID = '0198c5a3-11d0-7b4e-8a55-6f0e9f6b7c21';
const at = (time: string): string => `2026-01-05T${time}.000Z`;

/** What both views of a session show. */
class SessionFactsDto {
  @ApiProperty({ format: 'uuid', description: 'Public; never a secret.', example: ID })
  id: string;

  @ApiProperty({ enum: ['session', 'jwt'], description: 'What its client carries.', example: 'session' })
  mode: AuthMode;

  @ApiProperty({ enum: ['cookie', 'bearer'], example: 'cookie' })
  transport: Transport;

  @ApiProperty({ format: 'date-time', example: at('09:30:00') })
  createdAt: string;

  @ApiProperty({ format: 'date-time', description: 'Moves with use.', example: at('10:00:00') })
  idleExpiresAt: string;

  @ApiProperty({ format: 'date-time', description: 'Never moves.', example: at('21:30:00') })
  expiresAt: string;
}

function factsOf({ id, mode, transport, createdAt, idleExpiresAt, expiresAt }: Session): SessionFactsDto {
  return {
    id,
    mode,
    transport,
    createdAt: createdAt.toISOString(),
    idleExpiresAt: idleExpiresAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** A session as its own holder sees it. */
export class SessionDto extends SessionFactsDto {
  @ApiProperty({ format: 'date-time', description: 'When its user proved who they are.', example: at('09:30:00') })
  authTime: string;

  @ApiProperty({ description: 'How strong the proof was (RFC 9470).', example: 'aal1' })
  acr: string;

  @ApiProperty({ type: [String], description: 'What the proof consisted of (RFC 8176).', example: ['pwd'] })
  amr: string[];

  static of(session: Session): SessionDto {
    const { authTime, acr, amr } = session;
    return { ...factsOf(session), authTime: authTime.toISOString(), acr, amr: [...amr] };
  }
}

/** A session in the list of one's devices. */
export class DeviceDto extends SessionFactsDto {
  @ApiProperty({ description: 'True for the session that asks.', example: true })
  current: boolean;

  @ApiProperty({ example: 'Chrome on Windows' })
  device: string;

  @ApiProperty({ type: String, nullable: true, example: '203.0.113.7' })
  ip: string | null;

  @ApiProperty({ format: 'date-time', description: 'To the minute or so.', example: at('09:30:00') })
  lastSeenAt: string;

  static listed(session: Session, currentId: string): DeviceDto {
    const { device, ip, lastSeenAt } = session;
    return {
      ...factsOf(session),
      current: session.id === currentId,
      device,
      ip,
      lastSeenAt: lastSeenAt.toISOString(),
    };
  }
}

export class EndSessionsQueryDto {
  @IsOptional()
  @IsIn(['current'])
  include?: 'current';
}

export class EndedDto {
  @ApiProperty({ description: 'How many sessions were ended.', example: 2 })
  ended: number;
}

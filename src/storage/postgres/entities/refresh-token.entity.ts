import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { SessionEntity } from './session.entity.js';

/**
 * A token that `POST /auth/refresh` replaces: the refresh token in jwt mode, the session token in session mode. A row never
 * changes; the unique pair makes two successors of one token impossible whatever the code does.
 */
@Entity('refresh_tokens')
@Unique('refresh_tokens_session_generation_key', ['sessionId', 'generation'])
@Check('refresh_tokens_digest_check', 'octet_length(digest) = 32')
export class RefreshTokenEntity {
  /** SHA-256 of the token. */
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @ForeignKey(() => SessionEntity, { name: 'refresh_tokens_session_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'session_id', type: 'uuid' })
  sessionId: string;

  @Column({ type: 'integer' })
  generation: number;

  @Column({ name: 'issued_at', type: 'timestamptz' })
  issuedAt: Date;
}

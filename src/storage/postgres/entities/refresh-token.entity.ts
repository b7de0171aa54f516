import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/**
 * A token that `POST /auth/refresh` replaces: the refresh token in jwt mode, the session token in session mode. Rows are
 * only ever inserted; the unique pair makes two successors of one token impossible whatever the code does.
 */
@Entity('refresh_tokens')
@Unique('refresh_tokens_session_generation_key', ['sessionId', 'generation'])
export class RefreshTokenEntity {
  /** SHA-256 of the token. */
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ name: 'session_id', type: 'uuid' })
  sessionId: string;

  @Column({ type: 'integer' })
  generation: number;

  @Column({ name: 'issued_at', type: 'timestamptz' })
  issuedAt: Date;
}

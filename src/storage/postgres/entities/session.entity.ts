import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Claims } from '@sallyport/verify/rules';
import type { AuthMode, Transport } from '../../../core/credential.js';
import type { EndReason } from '../../../sessions/session.js';
import { UserEntity } from './user.entity.js';

/** One row is the whole state of a session, so that its row lock decides every race. It holds ids, not relations. */
@Entity('sessions')
@Check('sessions_mode_check', "mode IN ('session', 'jwt')")
@Check('sessions_transport_check', "transport IN ('cookie', 'bearer')")
@Index('sessions_user_idx', ['userId', 'endedAt'])
@Index('sessions_ended_at_idx', ['endedAt'], { where: 'ended_at IS NOT NULL' })
export class SessionEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @ForeignKey(() => UserEntity, { name: 'sessions_user_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ name: 'auth_epoch', type: 'integer' })
  authEpoch: number;

  @Column({ type: 'text' })
  mode: AuthMode;

  @Column({ type: 'text' })
  transport: Transport;

  @Column({ type: 'text' })
  device: string;

  @Column({ type: 'text', nullable: true })
  ip: string | null;

  /** Null: when the session was created. */
  @Column({ name: 'auth_time', type: 'timestamptz', nullable: true })
  authTime: Date | null;

  @Column({ type: 'text', default: 'aal1' })
  acr: string;

  @Column({ type: 'text', array: true, default: ['pwd'] })
  amr: string[];

  /** Null: none. */
  @Column({ type: 'jsonb', nullable: true })
  claims: Claims | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt: Date;

  @Column({ name: 'idle_expires_at', type: 'timestamptz' })
  idleExpiresAt: Date;

  @Index('sessions_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ name: 'end_reason', type: 'text', nullable: true })
  endReason: EndReason | null;

  /** The number of the one current token. */
  @Column({ type: 'integer', default: 0 })
  generation: number;

  /** What makes the current token of its direct predecessor. Null from the first use after the grace window on. */
  @Column({ type: 'bytea', nullable: true })
  salt: Buffer | null;

  @Column({ name: 'rotated_at', type: 'timestamptz', nullable: true })
  rotatedAt: Date | null;
}

import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { UserStatus } from '../../../users/user.js';

@Entity('users')
@Check('users_status_check', "status IN ('active', 'disabled')")
export class UserEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Index('users_email_key', { unique: true })
  @Column({ type: 'text' })
  email: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  /** PHC string. Not selected unless asked for by name. */
  @Column({ name: 'password_hash', type: 'text', select: false })
  passwordHash: string;

  @Column({ type: 'text', array: true, default: '{user}' })
  roles: string[];

  @Column({ type: 'text', default: 'active' })
  status: UserStatus;

  @Column({ name: 'auth_epoch', type: 'integer', default: 0 })
  authEpoch: number;

  @Index('users_epoch_moved_at_idx')
  @Column({ name: 'epoch_moved_at', type: 'timestamptz', nullable: true })
  epochMovedAt: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'sallyport_now()' })
  createdAt: Date;
}

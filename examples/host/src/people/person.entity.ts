import { Column, Entity, PrimaryColumn } from 'typeorm';

/** This application's own table of users, in `public`. */
@Entity({ name: 'users' })
export class Person {
  /** The user's id at Sallyport. */
  @PrimaryColumn('uuid')
  id: string;

  @Column({ type: 'text', default: 'bronze' })
  tier: string;
}

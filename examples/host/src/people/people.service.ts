import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SallyportEvents, UsersService } from '@sallyport/nest';
import { DataSource } from 'typeorm';
import { Person } from './person.entity.js';

/** What this application knows of a user beside what Sallyport does. */
@Injectable()
export class PeopleService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SallyportEvents,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.events.on('userRegistered', ({ userId }) => this.welcome(userId));
  }

  async find(id: string) {
    const [person, user] = await Promise.all([this.dataSource.manager.findOneBy(Person, { id }), this.users.find(id)]);
    return { tier: person?.tier, email: user?.email };
  }

  private async welcome(id: string): Promise<void> {
    await this.dataSource.manager.insert(Person, { id });
  }
}

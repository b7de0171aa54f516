import { Injectable } from '@nestjs/common';
import { Sweeps } from '../core/sweeps.js';
import { SessionStore } from './session.store.js';

/** Deletes the sessions that died more than a day ago. Of several instances one sweeps at a time. */
@Injectable()
export class Sweeper extends Sweeps {
  protected readonly what = 'sessions';

  constructor(private readonly store: SessionStore) {
    super();
  }

  protected async slice(batch: number): Promise<{ swept: number; isDone: boolean }> {
    const { sessions, isDone } = await this.store.sweep(batch);
    return { swept: sessions, isDone };
  }
}

import { Injectable } from '@nestjs/common';
import { Sweeps } from '../core/sweeps.js';
import { LimitStore } from './limit.store.js';

/** Deletes the buckets whose counts mean nothing any more. Of several instances one sweeps at a time. */
@Injectable()
export class LimitSweeper extends Sweeps {
  protected readonly what = 'limits';

  constructor(private readonly store: LimitStore) {
    super();
  }

  protected async slice(batch: number): Promise<{ swept: number; isDone: boolean }> {
    const swept = await this.store.sweep(batch);
    return { swept, isDone: swept < batch };
  }
}

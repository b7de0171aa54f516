import { DataSource } from 'typeorm';
import { KeyedHash } from '../../src/core/keyed-hash.js';
import { type Bucket, LimitStore, type Taking } from '../../src/limits/limit.store.js';
import { dataSourceOptions, poolOf } from '../../src/storage/postgres/data-source.js';
import { PostgresLimitStore } from '../../src/storage/postgres/postgres-limit.store.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { postgres } from './postgres-storage.js';
import type { TestedStorage } from '../../src/contract/stores.js';

const KEY = Buffer.alloc(32, 7);

const PATIENTLY = { statement_timeout: 20_000, query_timeout: 20_000 };

/** A store of limits as one more instance has it, with connections of its own; hundreds of acts at once may wait their turn. */
export async function limitStore(): Promise<{ store: LimitStore; statements: Statements; close(): Promise<void> }> {
  const options = dataSourceOptions(process.env.TEST_WORKER_DATABASE_URL!);
  const extra = { ...(options.extra as object), ...PATIENTLY };
  const dataSource = await new DataSource({
    ...options,
    connectTimeoutMS: 20_000,
    extra,
  } as typeof options).initialize();
  const statements = new Statements(poolOf(dataSource));
  const store = new PostgresLimitStore(statements, new KeyedHash(KEY));
  return { store, statements, close: () => dataSource.destroy() };
}

/** Asks its stores in turn, as the acts of a service come to its instances. */
class InTurn extends LimitStore {
  private next = 0;

  constructor(private readonly stores: readonly LimitStore[]) {
    super();
  }

  take(buckets: readonly Bucket[]): Promise<Taking> {
    return this.one().take(buckets);
  }

  giveBack(takenAt: string, own: readonly Bucket[], cleared: readonly Bucket[]): Promise<void> {
    return this.one().giveBack(takenAt, own, cleared);
  }

  sweep(batch: number): Promise<number> {
    return this.one().sweep(batch);
  }

  private one(): LimitStore {
    return this.stores[(this.next += 1) % this.stores.length]!;
  }
}

/** The limits in Postgres, as so many instances share them. */
export function limitsOfInstances(count: number): TestedStorage<'limits'> {
  return {
    ...postgres,
    async make(policy) {
      const { advance, close } = await postgres.make(policy);
      const instances = await Promise.all(Array.from({ length: count }, limitStore));
      return {
        limits: new InTurn(instances.map(({ store }) => store)),
        advance,
        close: async () => void (await Promise.all([close(), ...instances.map((instance) => instance.close())])),
      };
    },
  };
}

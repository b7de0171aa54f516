import { createClient } from 'redis';

export type RedisClient = ReturnType<typeof newClient>;

/** Milliseconds. An idle connection is heard from at every ping, or left when it has been silent for too long. */
export const REDIS_TIMES = { connect: 2000, ping: 2000, silence: 5000, reply: 1000 };

const letGoOf = new WeakSet<object>();

/** A client that seeks its connection for ever once it is told to connect, until it is let go of. */
export function newClient(url: string) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    pingInterval: REDIS_TIMES.ping,
    socket: {
      connectTimeout: REDIS_TIMES.connect,
      socketTimeout: REDIS_TIMES.silence,
      reconnectStrategy: (retries): number | false => !letGoOf.has(client) && jitteredDelay(retries),
    },
    // The client's own time-out covers only commands that it has not written yet.
    commandOptions: { timeout: REDIS_TIMES.reply },
  });
  return client;
}

/** Ends a client in whatever state it is. One that is destroyed while it connects would go on and keep its connection for good. */
export function letGo(client: RedisClient): void {
  letGoOf.add(client);
  if (client.isReady) client.destroy();
  else client.once('ready', () => client.destroy());
}

/** Milliseconds before the next try, so that the instances do not all come back in the same moment. */
function jitteredDelay(retries: number): number {
  return Math.min(1000, 50 * 2 ** Math.min(retries, 5)) * (0.5 + Math.random() / 2);
}

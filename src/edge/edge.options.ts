/** The room's part of the settings: what the service asks of the HTTP engine in front of its routes. */
export abstract class EdgeOptions {
  abstract readonly engine: 'express' | 'fastify';
  /** Number of proxies in front, or their addresses; null when there is none. */
  abstract readonly trustProxy: number | readonly string[] | null;
  /** Whether `/docs` is served. */
  abstract readonly docs: boolean;
}

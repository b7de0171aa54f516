import type { EdgeOptions } from './edge.options.js';
import type { Engine } from './engine.js';
import { ExpressEngine } from './express-engine.js';
import { FastifyEngine } from './fastify-engine.js';

/** The HTTP engine that the options name. */
export function engineOf(options: EdgeOptions): Engine {
  return options.engine === 'fastify' ? new FastifyEngine(options) : new ExpressEngine(options);
}

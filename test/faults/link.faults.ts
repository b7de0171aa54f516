import type { FaultProxy } from '../support/fault-proxy.js';
import type { Fault } from './fault.js';
import type { Instance } from './site.js';

type Link = 'database' | 'redis';

/** Every link is mended after a fault. */
const on =
  (link: Link, fail: (proxy: FaultProxy) => void): Fault['inflict'] =>
  ({ site }) =>
    site.instances.forEach((instance) => fail(instance[link]!));

function failing(link: Link, of: Pick<Fault, 'id' | 'stores'>, to: string): Fault[] {
  return [
    { ...of, name: `the link to ${to} is cut`, inflict: on(link, (proxy) => proxy.cut()) },
    { ...of, name: `the link to ${to} swallows everything`, inflict: on(link, (proxy) => proxy.swallow()) },
    { ...of, name: `the link to ${to} brings no answer back`, inflict: on(link, (proxy) => proxy.mute()) },
    { ...of, name: `the link to ${to} is reset by each answer`, inflict: on(link, (proxy) => proxy.reset()) },
  ];
}

const slow = (link: Link, of: Pick<Fault, 'id' | 'stores'>, to: string, ms: number): Fault => ({
  ...of,
  name: `${to} answers ${ms} ms late`,
  inflict: on(link, (proxy) => proxy.delay(ms)),
});

const DATABASE = { id: 'L2' };
const REDIS = { id: 'L3', stores: ['redis'] } as const;

/** What is between the instances and the stores fails, for all of them or for one. */
export const LINK_FAULTS: readonly Fault[] = [
  ...failing('database', DATABASE, 'Postgres'),
  ...[200, 1500, 5000].map((ms) => slow('database', { id: 'L4' }, 'Postgres', ms)),
  ...failing('redis', REDIS, 'Redis'),
  ...[200, 1500].map((ms) => slow('redis', REDIS, 'Redis', ms)),
  {
    ...{ id: 'L17', name: 'one instance is cut off from the stores', spares: 0 },
    inflict: ({ site }) => linksOf(site.instances[1]!).forEach((link) => link.cut()),
  },
  {
    ...{ id: 'L17', name: 'the links of one instance swallow everything', spares: 0 },
    inflict: ({ site }) => linksOf(site.instances[1]!).forEach((link) => link.swallow()),
  },
];

function linksOf({ database, redis }: Instance): FaultProxy[] {
  return redis ? [database, redis] : [database];
}

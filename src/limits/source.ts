import { addressOf, type Origin } from '../core/origin.js';

/**
 * The network that an act comes from: the /24 of an IPv4 address, the /64 of an IPv6 one, which is what one customer is given. A
 * request whose address is not known shares one source with all others of that kind.
 *
 * @example
 * sourceOf({ ip: '::ffff:192.0.2.7' }); // '192.0.2.0/24'
 * sourceOf({ ip: '2001:db8::1' }); // '2001:db8:0:0::/64'
 */
export function sourceOf(origin: Origin): string {
  const address = addressOf(origin);
  if (address === null) return 'unknown';
  if (!address.includes(':')) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const [head, tail] = address.split('::').map(groupsOf);
  const zeros = tail ? Array<string>(8 - head!.length - tail.length).fill('0') : [];
  return `${[...head!, ...zeros, ...(tail ?? [])].slice(0, 4).join(':')}::/64`;
}

/** An IPv4 address at the end stands for two groups. */
function groupsOf(part: string): string[] {
  return part.split(':').flatMap((group) => (group === '' ? [] : group.includes('.') ? [group, group] : [group]));
}

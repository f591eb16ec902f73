import { isIPv6 } from 'node:net';

/** The first four groups of an IPv6 address: one household or one machine has all the addresses below them. */
const networkOfV6 = (address: string): string => {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return `${[...groups, ...gap, ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::`;
};

/**
 * Whose doing a connection is: an IPv4 address, or the /64 network of an IPv6 one, for in that a single machine can have
 * a new address for every try.
 */
export const whoseOf = (address: string): string => {
  const mapped = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/iv.exec(address)?.groups?.['v4'];
  return mapped ?? (isIPv6(address) ? networkOfV6(address) : address);
};

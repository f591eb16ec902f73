import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { decode, encode, RECURSION_DESIRED } from 'dns-packet';
import type { RecordType } from 'dns-packet';
import type { Address } from './address.ts';

/**
 * The shortest time to live, in s, of a name's records of one type as a server tells it; null where it does not within
 * `mostMs`. Node's own resolver tells it of addresses only.
 */
export const ttlOf = (
  { host, port }: Address,
  name: string,
  type: RecordType,
  { signal, mostMs }: { readonly signal: AbortSignal; readonly mostMs: number },
): Promise<number | null> =>
  new Promise((resolve) => {
    const id = randomInt(0x1_00_00);
    const question = encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ name, type }] });
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    let over = false;
    const end = (ttlS: number | null): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.close();
      resolve(ttlS);
    };
    const onAbort = (): void => end(null);
    const timer = setTimeout(onAbort, mostMs);
    socket.on('error', onAbort);
    socket.on('message', (bytes) => {
      try {
        const told = decode(bytes);
        // Of another question, such as a late answer to somebody else on this port before.
        if (told.id !== id) return;
        const ttls = (told.answers ?? []).flatMap((one) => (one.type === type && 'ttl' in one ? [one.ttl ?? 0] : []));
        end(ttls.length === 0 ? null : Math.min(...ttls));
      } catch {
        end(null);
      }
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => {
      if (!over) socket.send(question);
    });
    socket.connect(port, host);
  });

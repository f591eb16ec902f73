import { once } from 'node:events';
import { createServer as createPlain } from 'node:http';
import { createServer as createTls } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { expect, test } from 'vitest';
import { createCertificates } from './practice/certificates.ts';
import { serverEnd } from './server-end.ts';

const { good } = await createCertificates();
const kinds: readonly (readonly [string, () => Server])[] = [
  ['HTTP', () => createPlain()],
  ['HTTPS', () => createTls(good)],
];

test.each(kinds)(
  'a connection that has said nothing yet keeps no %s server from its end',
  async (_, make) => {
    const server = make();
    const end = serverEnd(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await accepted;
    const cut = once(client, 'close');
    await end();
    await cut;
    expect(server.listening).toBe(false);
  },
  10_000,
);

import { request } from 'node:http';
import type { ClientRequest, RequestOptions } from 'node:http';

/** What the app asks of a network by itself goes to one server of a spec, whatever host it names. */
export const net = {
  request: ({ session: _session, ...options }: RequestOptions & { readonly session?: unknown }): ClientRequest =>
    request({
      ...options,
      protocol: 'http:',
      hostname: '127.0.0.1',
      host: '127.0.0.1',
      port: process.env['STAND_IN_FEED'] ?? 9,
    }),
};
export const session = { fromPartition: (name: string) => ({ name }) };

import type { Server } from 'node:net';

/** Starts to listen on this machine only; a port of 0 takes a free one. Resolves with the port, rejects when it is taken. */
export const listen = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

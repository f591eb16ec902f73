import type { Server, Socket } from 'node:net';

/**
 * Ends a server together with every connection, and resolves once all of it is gone. Node's own `close` waits for
 * connections, and `closeAllConnections` of an HTTPS server does not know those that are still in their handshake: one
 * such is enough to be waited for without end. To be asked for before the server listens.
 */
export const serverEnd = (server: Server): (() => Promise<void>) => {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () =>
    new Promise((done) => {
      server.close(() => done());
      for (const socket of open) socket.destroy();
    });
};

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Log } from '../log.ts';
import { serverEnd } from '../server-end.ts';
import { createAnswer } from './answer.ts';
import type { Certificates } from './certificates.ts';
import { listen } from './listen.ts';
import { startNames } from './names.ts';
import { echoOn } from './sockets.ts';
import type { World } from './world.ts';

export type Listeners = {
  /** By the names a target writes as "${practice.http}" and its kind. */
  readonly variables: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

/** Brings every listener up; with the port taken it rejects and leaves nothing open. */
export const startListeners = async (
  world: World,
  {
    certificates,
    seed,
    port,
    log,
  }: {
    readonly certificates: Certificates;
    readonly seed: number;
    readonly port: number;
    readonly log: Log | undefined;
  },
): Promise<Listeners> => {
  const answer = createAnswer(world, seed + 1);
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response).catch((cause: unknown) => {
      // A client that goes away while it still sends is the usual cause; either way nobody waits for an answer any more.
      if (!request.destroyed) log?.error('The practice service failed to answer', cause);
      response.destroy();
    });
  };
  const plain = createServer(handle);
  const secure = createSecureServer(certificates.good, handle);
  // A scanner that speaks no TLS, or goes away in the handshake, is no event of ours.
  secure.on('tlsClientError', (_, socket) => socket.destroy());
  const [endPlain, endSecure] = [serverEnd(plain), serverEnd(secure)];
  const httpPort = await listen(plain, port);
  const stopEcho = echoOn([plain, secure], world.faults);
  const names = await startNames();
  world.faults.onChange((name, level) => {
    if (name !== 'certificate') return;
    secure.setSecureContext(level > 0 ? certificates.expired : certificates.good);
    secure.closeAllConnections();
  });
  const close = async (): Promise<void> => {
    stopEcho();
    await Promise.all([endPlain(), endSecure(), names.close()]);
  };
  const tlsPort = await listen(secure);
  const variables = {
    'practice.http': `http://127.0.0.1:${httpPort}`,
    'practice.ws': `ws://127.0.0.1:${httpPort}`,
    'practice.https': `https://127.0.0.1:${tlsPort}`,
    'practice.wss': `wss://127.0.0.1:${tlsPort}`,
    'practice.tls': `127.0.0.1:${tlsPort}`,
    'practice.dns': `127.0.0.1:${names.port}`,
    'practice.ca': certificates.ca,
  };
  return { variables, close };
};

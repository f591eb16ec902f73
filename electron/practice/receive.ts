import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Received } from '../../shared/notices/contract.ts';
import { serverEnd } from '../server-end.ts';
import { listen } from './listen.ts';
import { createReceiver } from './receiver.ts';

const mostBytes = 256 * 1024;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > mostBytes) throw new Error('more than a notice ever is');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

export type PracticeReceiver = {
  /** By the names a target writes as "${practice.slack}" and its kind. */
  readonly variables: Readonly<Record<string, string>>;
  readonly received: () => readonly Received[];
  readonly close: () => Promise<void>;
};

/** Where a practice run's notices arrive: on this machine, under credentials made for it alone. */
export const startReceiver = async (): Promise<PracticeReceiver> => {
  const made = (): string => randomBytes(12).toString('hex');
  const credentials = { hook: made(), token: made(), routing: made(), page: made(), apiKey: made(), secret: made() };
  const receiver = createReceiver(credentials);
  const server = createServer((request, response) => {
    bodyOf(request)
      .then((body) => {
        const { method = 'GET', url = '/', headers } = request;
        const answered = receiver.answer({ method, path: url, headers, body });
        response.writeHead(answered.status, { 'content-type': answered.type, ...answered.headers }).end(answered.body);
      })
      .catch(() => response.destroy());
  });
  const end = serverEnd(server);
  const port = await listen(server);
  const base = `http://127.0.0.1:${port}`;
  return {
    variables: {
      'practice.notices': base,
      'practice.notices.hook': `${base}/slack/hook/${credentials.hook}`,
      'practice.notices.token': credentials.token,
      'practice.notices.routing': credentials.routing,
      'practice.notices.page': credentials.page,
      'practice.notices.key': credentials.apiKey,
      'practice.notices.secret': credentials.secret,
    },
    received: receiver.received,
    close: end,
  };
};

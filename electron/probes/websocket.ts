import { z } from 'zod';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { down, late, networkFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer } from './probe.ts';

const params = z.strictObject({
  url: z.string().min(1).describe('ws:// or wss://'),
  headers: z.record(z.string(), z.string()).default({}),
  protocols: z.array(z.string()).default([]),
  ca: z.string().optional().describe('PEM of a private authority'),
  send: z.string().optional().describe('A text to send once it is open; without one a ping is sent'),
  expect: z.string().optional().describe('A text that a message must contain; what was sent, if left out'),
});
type Params = z.output<typeof params>;

/** The close codes of RFC 6455 and its registry. */
const closeNames: Readonly<Record<number, string>> = {
  1000: 'normal end',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'data it does not take',
  1005: 'no code given',
  1006: 'connection lost',
  1007: 'data that is not what it says',
  1008: 'against its policy',
  1009: 'message too big',
  1010: 'an extension is missing',
  1011: 'an error of its own',
  1012: 'restarting',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS failed',
};

const mostMessages = 50;

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8');

type Seen = { upgradeMs: number | null; messages: number };

/** Opens, makes one round trip and closes; resolves with a failure or null. */
const converse = (socket: WebSocket, own: Params, seen: Seen, begun: number): Promise<Failure | null> =>
  new Promise((resolve, reject) => {
    const wanted = own.expect ?? own.send;
    socket.on('open', () => {
      seen.upgradeMs = performance.now() - begun;
      if (own.send !== undefined) socket.send(own.send);
      else if (own.expect === undefined) socket.ping();
    });
    socket.on('pong', () => {
      if (wanted === undefined) resolve(null);
    });
    socket.on('message', (data) => {
      seen.messages += 1;
      if (wanted !== undefined && textOf(data).includes(wanted)) return resolve(null);
      if (seen.messages >= mostMessages)
        resolve({ reason: 'wrong-message', sentence: `Sent ${mostMessages} messages, none of them the expected one.` });
    });
    socket.on('unexpected-response', (_, response) => {
      resolve({
        reason: 'not-upgraded',
        sentence: `Answered ${response.statusCode} instead of switching to WebSocket.`,
      });
      response.destroy();
    });
    socket.on('close', (code, words) => {
      const why = masked(words.toString('utf8'), [], 120);
      resolve({
        reason: `closed-${code}`,
        sentence: `Closed the WebSocket before it answered: ${code}, ${closeNames[code] ?? 'a code of its own'}${why === '' ? '' : ` ("${why}")`}.`,
      });
    });
    socket.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : '';
      if (code.startsWith('WS_ERR_') || /Sec-WebSocket|upgrade|subprotocol/i.test(error.message))
        return resolve({ reason: 'malformed', sentence: 'Does not keep to the WebSocket protocol.' });
      try {
        resolve(networkFailure(error, new URL(own.url).host));
      } catch (cause) {
        reject(cause);
      }
    });
  });

const open = (own: Params): WebSocket => {
  const url = URL.canParse(own.url) ? new URL(own.url) : null;
  if (url === null || !['ws:', 'wss:'].includes(url.protocol))
    throw new ProbeUnknown('bad-address', 'The address is not one that begins with ws:// or wss://.');
  return new WebSocket(url, own.protocols, {
    headers: { 'user-agent': 'war-room', ...own.headers },
    maxPayload: 1_048_576,
    perMessageDeflate: false,
    followRedirects: false,
    ...(own.ca === undefined ? {} : { ca: own.ca }),
  });
};

export const websocketProbe = defineProbe({
  kind: 'websocket',
  summary: 'A WebSocket: the upgrade, one round trip, and the close code where it fails',
  params,
  series: () => [
    { name: 'latencyMs', unit: 'ms', label: 'Time to the answer' },
    { name: 'upgradeMs', unit: 'ms', label: 'Time to the upgrade' },
    { name: 'echoMs', unit: 'ms', label: 'Round trip of one message' },
  ],
  open: (own) => ({
    run: async ({ signal, deadlineMs }): Promise<Answer> => {
      const begun = performance.now();
      const socket = open(own);
      const seen: Seen = { upgradeMs: null, messages: 0 };
      const cut = Promise.withResolvers<Failure>();
      const onAbort = (): void => {
        const echo = {
          reason: 'echo-timeout',
          sentence: `Opened, but gave no ${own.expect === undefined && own.send === undefined ? 'pong' : 'answer to the message'} within ${deadlineMs / 1_000} s.`,
        };
        cut.resolve(seen.upgradeMs === null ? late('wait', deadlineMs) : echo);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        const failure = await Promise.race([converse(socket, own, seen, begun), cut.promise]);
        const tookMs = performance.now() - begun;
        const upgrade = seen.upgradeMs === null ? {} : { upgradeMs: seen.upgradeMs };
        if (failure !== null) return down(failure, { values: upgrade });
        const values = { ...upgrade, latencyMs: tookMs, echoMs: tookMs - (seen.upgradeMs ?? 0) };
        return {
          verdict: 'up',
          reason: 'ok',
          sentence: `Upgraded in ${Math.round(seen.upgradeMs ?? 0)} ms, round trip in ${Math.round(values.echoMs)} ms.`,
          values,
        };
      } finally {
        signal.removeEventListener('abort', onAbort);
        if (socket.readyState === WebSocket.OPEN) socket.close(1000);
        // Whoever does not answer the farewell is left standing.
        setTimeout(() => socket.terminate(), signal.aborted ? 0 : 250).unref();
      }
    },
    close: () => {},
  }),
});

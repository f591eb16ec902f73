import { connect, isIP } from 'node:net';
import { z } from 'zod';
import { addressOf, addressWords } from './address.ts';
import { down, late, networkFailure } from './failure.ts';
import type { Failure, Phase } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe } from './probe.ts';

const params = z.strictObject({
  address: z.string().min(1).describe('host:port'),
  send: z.string().optional().describe('A text to send once connected'),
  expect: z.string().min(1).optional().describe('A text that the answer must contain'),
});
type Params = z.output<typeof params>;

const mostBytes = 65_536;

type Talked = { readonly connectMs: number; readonly said: string };

const talk = (own: Params, signal: AbortSignal, deadlineMs: number): Promise<Talked | Failure> =>
  new Promise((resolve, reject) => {
    const begun = performance.now();
    const { host, port } = addressOf(own.address);
    const who = addressWords({ host, port });
    let phase: Phase = isIP(host) === 0 ? 'lookup' : 'connect';
    let connectMs = 0;
    let said = '';
    const socket = connect({ host, port });
    const end = (result: Talked | Failure): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(result);
    };
    const wrong = (): Failure => ({
      reason: 'text-mismatch',
      sentence: `${who} says ${said === '' ? 'nothing' : JSON.stringify(masked(said, [], 80))}, expected ${JSON.stringify(own.expect)}.`,
    });
    const onAbort = (): void => end(said === '' ? late(phase, deadlineMs) : wrong());
    socket.once('lookup', () => (phase = 'connect'));
    socket.once('connect', () => {
      phase = 'wait';
      connectMs = performance.now() - begun;
      if (own.send !== undefined) socket.write(own.send);
      if (own.expect === undefined) end({ connectMs, said });
    });
    socket.on('data', (chunk) => {
      said += chunk.toString('utf8');
      if (own.expect !== undefined && said.includes(own.expect)) end({ connectMs, said });
      else if (said.length > mostBytes) end(wrong());
    });
    socket.on('end', () => end(wrong()));
    socket.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      try {
        end(networkFailure(error, who));
      } catch (cause) {
        reject(cause);
      }
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });

export const tcpProbe = defineProbe({
  kind: 'tcp',
  summary: 'A TCP connection, and what is said over it where that is asked for',
  params,
  series: () => [
    { name: 'latencyMs', unit: 'ms', label: 'Time to the answer' },
    { name: 'connectMs', unit: 'ms', label: 'Time to the connection' },
  ],
  open: (own) => ({
    run: async ({ signal, deadlineMs }) => {
      const begun = performance.now();
      const talked = await talk(own, signal, deadlineMs);
      if ('reason' in talked) return down(talked);
      const values = { latencyMs: performance.now() - begun, connectMs: talked.connectMs };
      return {
        verdict: 'up',
        reason: 'ok',
        sentence: `${own.address} takes connections, in ${Math.max(1, Math.round(talked.connectMs))} ms.`,
        values,
      };
    },
    close: () => {},
  }),
});

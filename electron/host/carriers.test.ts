import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { ORPCError, createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { contract } from '../../shared/contract.ts';
import type { Grant } from '../../shared/calls.ts';
import type { Client } from '../../shared/contract.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import { createEngine } from '../engine.ts';
import type { Engine } from '../engine.ts';
import { callerOf } from '../procedures/fixtures/room.ts';
import { servePort } from './port.ts';
import { serveWeb } from './web.ts';
import type { WebHost } from './web.ts';

const runbook =
  '# Deploy\n\n## Before\n\n- [ ] Tell the team\n- [ ] Take a backup\n- [ ] Check the dashboard\n\n## After\n\n- [ ] Watch the errors\n';
const target = 'version: 1\nservice: shop\nenvironment: staging\n';

let dir: string;
let engine: Engine;
let host: WebHost;
let runId: RunId;
const faults: string[] = [];
const closings: (() => void)[] = [];

const socketFor = async (grant: Grant): Promise<{ readonly socket: WebSocket }> => {
  const { hash } = new URL(host.invite(grant));
  const paired = await fetch(`${host.origin}/api/pair`, {
    method: 'POST',
    headers: { origin: host.origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code: hash.replace('#pair=', '') }),
  });
  const cookie = paired.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/api/rpc`, {
    headers: { cookie, origin: host.origin },
  });
  closings.push(() => socket.terminate());
  return { socket };
};

/** A client of its own each time, and what breaks its connection off. */
type Connected = { readonly client: Client; readonly cut: () => void };
const carriers: Readonly<Record<string, (grant: Grant) => Promise<Connected>>> = {
  direct: async (grant) => ({
    client: createRouterClient(engine.router, { context: { caller: callerOf({ grant }), log: engine.log } }),
    cut: () => undefined,
  }),
  port: async (grant) => {
    const { port1, port2 } = new MessageChannel();
    const end = servePort(engine, port1, callerOf({ grant }));
    const on = (event: string, listener: (event?: { data: unknown }) => void): void =>
      void port2.on(event, (data: unknown) => listener({ data }));
    const client: Client = createORPCClient(
      new PortLink({ port: { on, postMessage: (data: unknown) => port2.postMessage(data) } }),
    );
    closings.push(end);
    return { client, cut: () => port2.close() };
  },
  socket: async (grant) => {
    const { socket } = await socketFor(grant);
    const client: Client = createORPCClient(new SocketLink({ websocket: socket as unknown as globalThis.WebSocket }));
    return { client, cut: () => socket.terminate() };
  },
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-carriers-'));
  writeFileSync(join(dir, 'index.html'), '<!doctype html>');
  const log = {
    info: () => undefined,
    error: (message: string, cause?: unknown) => void faults.push(`${message} ${String(cause)}`),
  };
  engine = await createEngine({ dataDir: join(dir, 'data'), version: '0.0.0', runbooks: dir, log, backing: false });
  host = await serveWeb({ engine, pages: dir, dataDir: join(dir, 'data'), port: 0, operator: 'Ada' });
  const { client } = await (carriers['direct'] as (grant: Grant) => Promise<Connected>)('operate');
  ({ runId } = await client.runs.start({
    runbook: { name: 'deploy.md', text: runbook },
    target: { name: 'shop.target.yaml', text: target },
    release: '1.2.3',
    plannedT0: null,
  }));
});
afterAll(async () => {
  for (const close of closings.reverse()) close();
  await host.close();
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});

type Call = (input?: unknown) => Promise<unknown>;
const procedures = Object.entries(contract).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, procedure]) => ({ noun, verb, grant: procedure['~orpc'].meta.grant })),
);
const callOf = (client: Client, noun: string, verb: string): Call =>
  (client as unknown as Record<string, Record<string, Call>>)[noun]?.[verb] ??
  (() => Promise.reject(new Error('no such procedure')));
const failure = async (call: Promise<unknown>): Promise<ORPCError<string, { code?: string }>> => {
  const caught: unknown = await call.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  );
  if (!(caught instanceof ORPCError)) throw new Error(String(caught));
  return caught as ORPCError<string, { code?: string }>;
};

describe.each(Object.keys(carriers))('over %s', (name) => {
  const connect = (grant: Grant): Promise<Connected> => carriers[name]?.(grant) ?? Promise.reject(new Error(name));

  it('says who is there and takes a new name', async () => {
    const { client } = await connect('operate');
    expect(await client.desk.hello()).toMatchObject({
      version: '0.0.0',
      grant: 'operate',
      via: name === 'socket' ? 'served' : 'desk',
    });
    expect((await client.desk.identify({ name: 'Grace', role: 'lead' })).operator).toEqual({
      name: 'Grace',
      role: 'lead',
    });
    expect((await client.desk.hello()).operator.name).toBe('Grace');
  });

  it('refuses every procedure that takes "operate" to a watcher, whatever it sends, and no other', async () => {
    const { client } = await connect('watch');
    expect(procedures.filter(({ grant }) => grant === 'operate').length).toBeGreaterThan(10);
    const before = (await client.runs.list()).length;
    for (const { noun, verb, grant } of procedures.filter((own) => own.grant === 'operate'))
      for (const input of [
        undefined,
        {},
        { runId, item: 'x', reason: 'long enough a reason' },
        { __proto__: { grant: 'operate' } },
      ]) {
        const error = await failure(callOf(client, noun, verb)(input));
        expect([noun, verb, grant, error.code, error.data?.code]).toEqual([
          noun,
          verb,
          grant,
          'FORBIDDEN',
          'not-allowed',
        ]);
      }
    for (const { noun, verb } of procedures.filter((own) => own.grant === 'watch')) {
      const error = await failure(callOf(client, noun, verb)({ runId: 7 })).catch(() => null);
      expect(error?.code).not.toBe('FORBIDDEN');
    }
    expect(await client.runs.list()).toHaveLength(before);
  });

  it('carries a refusal with its code and sentence, and bad input with the field', async () => {
    const { client } = await connect('operate');
    const missing = await failure(client.run.context({ runId: 'no-such-run' }));
    expect([missing.code, missing.data.code]).toEqual(['NOT_FOUND', 'not-found']);
    expect(missing.message).toContain('no-such-run');
    const bad = await failure(client.checklist.untick({ runId, item: 'x', reason: 'short' }));
    expect([bad.code, bad.data.code]).toEqual(['BAD_REQUEST', 'bad-input']);
    expect(bad.message).toContain('reason');
  });

  it('carries a refusal of something to follow with its sentence, too', async () => {
    const { client } = await connect('operate');
    const followed = async (): Promise<void> => {
      for await (const tick of await client.metrics.follow({ runId: 'no-such-run' })) expect(tick).toBeUndefined();
    };
    const error = await failure(followed());
    expect(error.message).toContain('no-such-run');
    expect(error.data?.code).toBe('not-found');
  });

  it('follows a run from any seq, over breaks, without loss or repeat', async () => {
    const { client: desk } = await connect('operate');
    const seen: RecordedEvent[] = [];
    const stop = AbortSignal.timeout(20_000);
    const wanted = 60;
    const write = (async () => {
      for (let n = 0; n < wanted; n += 1) {
        await desk.checklist.note({ runId, item: null, text: `${name} ${n}` });
        if (n % 7 === 0) await wait(2);
      }
    })();
    const own = (): number =>
      seen.filter((event) => event.type === 'item-noted' && event.body.text.startsWith(`${name} `)).length;
    for (let breaks = 0; own() < wanted; breaks += 1) {
      const { client, cut } = await connect('watch');
      let taken = 0;
      const following = await client.run.follow({ runId, after: seen.at(-1)?.seq ?? 0 }, { signal: stop });
      try {
        for await (const batch of following) {
          seen.push(...batch);
          taken += batch.length;
          if (own() >= wanted) break;
          // Each time after another number of events, with more on the way.
          if (taken > breaks % 5) cut();
          if (taken > breaks % 5 && name === 'direct') break;
        }
      } catch (error) {
        if (stop.aborted) throw error;
      }
    }
    await write;
    const all: RecordedEvent[] = [];
    for await (const batch of await desk.run.follow({ runId, after: 0 }, { signal: stop })) {
      all.push(...batch);
      if ((all.at(-1)?.seq ?? 0) >= (seen.at(-1)?.seq ?? 0)) break;
    }
    expect(own()).toBe(wanted);
    expect(seen.map((event) => event.seq)).toEqual(all.map((event) => event.seq).slice(0, seen.length));
    expect(seen).toEqual(all.slice(0, seen.length));
  }, 30_000);
});

describe('a window that sends what is no message', () => {
  const nonsense = [
    'garbage',
    '{}',
    '[]',
    '{"i":"1","t":99,"p":{}}',
    '{"i":"1","p":{"u":"not a url"}}',
    new Uint8Array([1, 2, 3]),
  ];
  const letGo = (): number => faults.splice(0).filter((fault) => fault.includes('was let go')).length;

  it('loses its socket, and nobody else anything', async () => {
    const bystander = await carriers['socket']?.('operate');
    for (const message of nonsense) {
      const { socket } = await socketFor('operate');
      await new Promise((resolve) => socket.once('open', resolve));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.send(message);
      await closed;
    }
    expect(letGo()).toBe(nonsense.length);
    expect(await bystander?.client.desk.hello()).toMatchObject({ grant: 'operate' });
  });

  it('loses its port, and nobody else anything', async () => {
    const bystander = await carriers['port']?.('operate');
    for (const message of [...nonsense, 7, null, undefined, {}, { i: 1 }]) {
      const { port1, port2 } = new MessageChannel();
      servePort(engine, port1, callerOf());
      const closed = new Promise((resolve) => port2.once('close', resolve));
      port2.postMessage(message);
      await closed;
    }
    expect(letGo()).toBe(nonsense.length + 5);
    expect(await bystander?.client.desk.hello()).toMatchObject({ grant: 'operate' });
  });
});

it('met no fault of its own in all of this', () => {
  expect(faults).toEqual([]);
});

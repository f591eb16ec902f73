import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { os } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { CallContext } from '../procedures/door.ts';
import type { Engine } from '../engine.ts';
import { serveWeb } from './web.ts';
import type { WebHost } from './web.ts';

const script = 'console.log("war room")';
const bigBatch = 'x'.repeat(256 * 1024);
let batches = 0;
/** A router of our own: what the host carries is not what is shown here, and a flood is asked for in one word. */
const door = os.$context<CallContext>();
const router = {
  desk: {
    hello: door.handler(({ context }) => ({
      ...context.caller.operator(),
      grant: context.caller.grant,
      id: context.caller.id,
    })),
    identify: door.handler(({ context, input }) => context.caller.identify(String(input), 'lead')),
    flood: door.handler(async function* ({ signal }) {
      while (signal?.aborted !== true) {
        batches += 1;
        yield bigBatch;
      }
    }),
  },
};
type FloodClient = { readonly desk: { readonly flood: () => Promise<AsyncIterable<string>> } };

let dir: string;
let now: number;
let host: WebHost;
const faults: string[] = [];
const cleanups: (() => void)[] = [];
const open = (port = 0, pingMs = 10_000): Promise<WebHost> =>
  serveWeb({
    engine: {
      router: router as unknown as Engine['router'],
      watching: { wall: router.desk } as unknown as Engine['watching'],
      log: { info: () => undefined, error: (message, cause) => void faults.push(`${message} ${String(cause)}`) },
    },
    pages: join(dir, 'pages'),
    dataDir: dir,
    port,
    operator: 'ada',
    clock: { now: () => now, monotonic: () => performance.now() },
    pingMs,
  });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-web-'));
  mkdirSync(join(dir, 'pages/assets'), { recursive: true });
  writeFileSync(join(dir, 'pages/index.html'), '<!doctype html><title>War Room</title>');
  writeFileSync(join(dir, 'pages/wall.html'), '<!doctype html><title>War Room: wall</title>');
  writeFileSync(join(dir, 'pages/assets/index-abc.js'), script);
  writeFileSync(join(dir, 'pages/assets/inter.woff2'), 'font');
  writeFileSync(join(dir, 'pages/notes.txt'), 'not served');
  now = Date.now();
  faults.length = 0;
  host = await open();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  await host.close();
  rmSync(dir, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };
const ask = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, method, path, headers, agent: false });
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('connect', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    sent.on('error', reject);
    sent.end(body);
  });

const codeOf = (url: string): string => new URL(url).hash.replace('#pair=', '');
const pair = (code: string): Promise<Answer> =>
  ask('POST', '/api/pair', { origin: host.origin, 'content-type': 'application/json' }, JSON.stringify({ code }));
const cookieFor = async (grant: 'watch' | 'operate'): Promise<string> =>
  (await pair(codeOf(host.invite(grant)))).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

const socketWith = (cookie: string): WebSocket => {
  const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/api/rpc`, {
    headers: { cookie, origin: host.origin },
  });
  cleanups.push(() => socket.terminate());
  return socket;
};
const clientOn = (socket: WebSocket): Client & FloodClient =>
  createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
const ended = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve).once('error', () => undefined));

describe('pages', () => {
  it('are served by their exact path, with their type and every guard', async () => {
    for (const path of ['/', '/wall', '/index.html', '/?x=1']) {
      const { status, headers, body } = await ask('GET', path);
      expect([status, headers['content-type'], body]).toEqual([
        200,
        'text/html; charset=utf-8',
        expect.stringContaining('War Room'),
      ]);
      expect(headers['content-security-policy']).toMatch(
        /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/v,
      );
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
    const js = await ask('GET', '/assets/index-abc.js');
    expect([js.status, js.headers['content-type'], js.body]).toEqual([200, 'text/javascript; charset=utf-8', script]);
    expect(js.headers['cache-control']).toContain('immutable');
    expect((await ask('HEAD', '/')).body).toBe('');
  });

  it('are nothing else: no other file, no way out of the folder, nothing that came later', async () => {
    writeFileSync(join(dir, 'pages/later.js'), script);
    for (const path of [
      '/notes.txt',
      '/later.js',
      '/assets',
      '/assets/',
      '/assets/../../sessions.json',
      '/assets/%2e%2e/%2e%2e/sessions.json',
      '//index.html',
      '/INDEX.html',
      '/index.html/',
      'http://evil.test/',
      '/assets\\index-abc.js',
      '/wall/',
    ])
      expect([path, (await ask('GET', path)).status]).toEqual([path, 404]);
  });

  it('are asked to be built where they are not', async () => {
    rmSync(join(dir, 'pages'), { recursive: true });
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('not built') });
  });

  it('say that a port is taken', async () => {
    const refused = await open(host.port).catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(WarRoomError);
    expect(refused).toMatchObject({ code: 'in-use', message: expect.stringContaining(String(host.port)) });
  });
});

describe('who may ask', () => {
  const hosts = (port: number): readonly [string | null, boolean][] => [
    [`127.0.0.1:${port}`, true],
    [`localhost:${port}`, true],
    [null, false],
    ['', false],
    [`evil.test:${port}`, false],
    [`localhost.:${port}`, false],
    [`LOCALHOST:${port}`, false],
    ['localhost', false],
    [`localhost:${port + 1}`, false],
    [`[::1]:${port}`, false],
  ];
  const origins = (port: number): readonly [string | null, string | null][] => [
    [`http://127.0.0.1:${port}`, `127.0.0.1:${port}`],
    [`http://localhost:${port}`, `localhost:${port}`],
    [null, null],
    ['null', null],
    ['', null],
    [`http://evil.test:${port}`, null],
    [`https://localhost:${port}`, null],
    [`http://localhost.:${port}`, null],
    [`http://LOCALHOST:${port}`, null],
    [`http://user@localhost:${port}`, null],
    [`http://localhost:${port}/`, null],
    ['http://localhost', null],
  ];

  it('is told from 120 combinations of Host and Origin: exact matches alone, before anything else, all others alike', async () => {
    const cookie = await cookieFor('operate');
    const passed: string[] = [];
    const refusals = new Set<string>();
    let combinations = 0;
    for (const [hostHeader, known] of hosts(host.port))
      for (const [origin, fits] of origins(host.port)) {
        combinations += 1;
        const lines = [
          'GET /api/rpc HTTP/1.1',
          ...(hostHeader === null ? [] : [`Host: ${hostHeader}`]),
          ...(origin === null ? [] : [`Origin: ${origin}`]),
          `Cookie: ${cookie}`,
        ];
        const answer = await raw(
          `${[...lines, ...Object.entries(upgrade).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`,
        );
        if (answer.startsWith('HTTP/1.1 101 ')) passed.push(`${hostHeader} ${origin}`);
        else refusals.add(answer);
        expect([hostHeader, origin, answer.startsWith('HTTP/1.1 101 ')]).toEqual([
          hostHeader,
          origin,
          known && fits === hostHeader,
        ]);
      }
    expect(combinations).toBe(120);
    expect(passed).toEqual([
      `127.0.0.1:${host.port} http://127.0.0.1:${host.port}`,
      `localhost:${host.port} http://localhost:${host.port}`,
    ]);
    expect([...refusals]).toEqual([expect.stringMatching(/^HTTP\/1\.1 403 /v)]);
  });

  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(host.port, '127.0.0.1', () => socket.write(text));
      socket.setEncoding('utf8').once('data', (answer: string) => {
        resolve(answer);
        socket.destroy();
      });
      socket.once('error', reject);
    });

  it('holds for pages and for pairing as well, and for two of one header', async () => {
    const code = codeOf(host.invite('operate'));
    const body = JSON.stringify({ code });
    for (const headers of [
      { host: 'evil.test' },
      { origin: 'http://evil.test' },
      { host: 'evil.test', origin: 'http://evil.test' },
      {},
    ]) {
      if ('host' in headers || 'origin' in headers) expect((await ask('GET', '/', headers)).status).toBe(403);
      expect((await ask('POST', '/api/pair', headers, body)).status).toBe(403);
    }
    const ours = `Host: 127.0.0.1:${host.port}\r\n`;
    expect(await raw(`GET / HTTP/1.1\r\n${ours}Host: evil.test\r\n\r\n`)).toMatch(/^HTTP\/1\.1 40[03] /v);
    expect(await raw(`GET / HTTP/1.1\r\n${ours}Origin: ${host.origin}\r\nOrigin: http://evil.test\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 403 /v,
    );
    // The code is as good as new: nothing that was refused has used it.
    expect((await pair(code)).status).toBe(204);
  });

  it('has no way in without a cookie: every route by nine methods', async () => {
    const open: string[] = [];
    const routes = [
      '/api/rpc',
      '/api/session',
      '/api/pair',
      '/api',
      '/api/',
      '/api/run',
      '/api/rpc/desk/hello',
      '/rpc',
      '/sessions.json',
      '/war-room.db',
      '/metrics',
      '/.git/config',
    ];
    for (const route of routes)
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']) {
        const { status } = await ask(method, route, { origin: host.origin });
        if (![401, 404, 405].includes(status) && !(route === '/api/pair' && status === 429))
          open.push(`${method} ${route} ${status}`);
        const upgraded =
          method === 'CONNECT' ? 401 : (await ask(method, route, { origin: host.origin, ...upgrade })).status;
        if (![401, 404, 405, 429].includes(upgraded)) open.push(`${method} ${route} ${upgraded} upgraded`);
      }
    expect(open).toEqual([]);
    for (const path of ['/', '/wall', '/assets/index-abc.js'])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])
        expect((await ask(method, path, { origin: host.origin })).status).toBe(405);
  });

  it('refuses a cookie that was made up, cut or is of another port', async () => {
    const cookie = await cookieFor('operate');
    const [name = '', token = ''] = cookie.split('=');
    expect((await ask('GET', '/api/session', { cookie })).status).toBe(204);
    for (const other of [
      `${name}=`,
      `${name}=${token.slice(1)}`,
      `${name}=${'A'.repeat(43)}`,
      `war-room-1=${token}`,
      `x${cookie}`,
      token,
      'war-room',
    ])
      expect((await ask('GET', '/api/session', { cookie: other })).status).toBe(401);
  });
});

describe('pairing', () => {
  it('exchanges a code once for a cookie that scripts and other sites never see', async () => {
    const url = host.invite('operate');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#pair=[\w\-]{43}$/v);
    expect(host.invite('watch')).toContain('/wall#pair=');
    const { status, headers } = await pair(codeOf(url));
    expect(status).toBe(204);
    expect(headers['set-cookie']?.[0]).toMatch(
      /^war-room-\d+=[\w\-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/v,
    );
    expect((await pair(codeOf(url))).status).toBe(401);
    const kept = readFileSync(join(dir, 'sessions.json'), 'utf8');
    expect(kept).not.toContain(headers['set-cookie']?.[0]?.split(/[=;]/v)[1]);
    expect(kept).not.toContain(codeOf(url));
    expect(statSync(join(dir, 'sessions.json')).mode & 0o077).toBe(0);
  });

  it('tells whoever guesses to stop after five wrong codes in a minute, and lets in whoever has the right one', async () => {
    const cookie = await cookieFor('operate');
    const [first, second] = [codeOf(host.invite('operate')), codeOf(host.invite('watch'))];
    const guess = (): Promise<number> => pair(`wrong-${crypto.randomUUID()}`).then(({ status }) => status);
    for (let wrong = 0; wrong < 5; wrong += 1) expect(await guess()).toBe(401);
    expect(await pair('wrong-6')).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    // A stray program that never stops guessing shares its address with the desk's own browser.
    for (let wrong = 0; wrong < 200; wrong += 1) expect(await guess()).toBe(429);
    expect((await pair(first)).status).toBe(204);
    expect((await pair(first)).status).toBe(429);
    expect((await ask('GET', '/api/session', { cookie })).status).toBe(204);
    now += 59_000;
    expect(await guess()).toBe(429);
    now += 2_000;
    expect(await guess()).toBe(401);
    expect((await pair(second)).status).toBe(204);
  });

  it('takes no body for a code that is none', async () => {
    for (const body of ['', '{', '[]', 'null', '{"code":7}'])
      expect((await ask('POST', '/api/pair', { origin: host.origin }, body)).status).toBe(401);
    expect(
      (
        await ask('POST', '/api/pair', { origin: host.origin }, `{"code":"${'x'.repeat(1_000_000)}"}`).catch(() => ({
          status: 401,
        }))
      ).status,
    ).toBeOneOf([401, 429]);
  });

  it('lasts twelve hours, over a reload and a restart, with the name that the person gave', async () => {
    const cookie = await cookieFor('operate');
    const first = clientOn(socketWith(cookie));
    expect(await first.desk.hello()).toMatchObject({ name: 'ada', grant: 'operate' });
    await (first.desk.identify as unknown as (name: string) => Promise<void>)('Grace');
    const { port } = host;
    await host.close();
    host = await open(port);
    expect(await clientOn(socketWith(cookie)).desk.hello()).toMatchObject({
      name: 'Grace',
      role: 'lead',
      grant: 'operate',
    });
    now += 12 * 3_600_000;
    expect((await ask('GET', '/api/session', { cookie })).status).toBe(401);
  });

  it('ends a socket when its time is up', async () => {
    await host.close();
    host = await open(0, 30);
    const socket = socketWith(await cookieFor('watch'));
    expect(await clientOn(socket).desk.hello()).toMatchObject({ grant: 'watch' });
    now += 12 * 3_600_000;
    await ended(socket);
  });
});

describe('slow and half open clients', () => {
  it('are at most 8 watchers, and the desk still comes in', async () => {
    const cookie = await cookieFor('watch');
    const watchers = Array.from({ length: 8 }, () => socketWith(cookie));
    for (const socket of watchers) await clientOn(socket).desk.hello();
    expect((await ask('GET', '/api/rpc', { ...upgrade, cookie, origin: host.origin })).status).toBe(503);
    expect(await clientOn(socketWith(await cookieFor('operate'))).desk.hello()).toMatchObject({ grant: 'operate' });
    watchers[0]?.terminate();
    await wait(50);
    expect(await clientOn(socketWith(cookie)).desk.hello()).toMatchObject({ grant: 'watch' });
  });

  it('are let go at once when they are refused, even if they never close their half', async () => {
    const socket = connect({ port: host.port, host: '127.0.0.1', allowHalfOpen: true });
    cleanups.push(() => socket.destroy());
    socket.write(`GET /api/rpc HTTP/1.1\r\nHost: evil.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await new Promise((resolve) => socket.resume().once('end', resolve));
    // Writing into what the other side has destroyed is what shows it: the system answers with a reset.
    const gone = new Promise((resolve) => socket.once('error', resolve));
    const knocking = setInterval(() => socket.write('still here'), 20);
    cleanups.push(() => clearInterval(knocking));
    expect(await gone).toMatchObject({ code: expect.stringMatching(/^(?:ECONNRESET|EPIPE|ECONNABORTED)$/v) });
  });

  it('are asked for nothing more while they do not read, and are dropped', async () => {
    await host.close();
    host = await open(0, 300);
    const socket = socketWith(await cookieFor('operate'));
    const flood = await clientOn(socket).desk.flood();
    const iterator = flood[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toHaveLength(bigBatch.length);
    socket.pause();
    batches = 0;
    await wait(200);
    // What the two systems' buffers take, and no more: 256 KiB each.
    const taken = batches;
    expect(taken).toBeLessThan(80);
    await wait(100);
    expect(batches - taken).toBeLessThan(4);
    await wait(600);
    const after = batches;
    socket.resume();
    await ended(socket);
    await wait(50);
    expect(batches).toBe(after);
  });

  it('are dropped when they never finish a request, a thousand of them, while the desk answers as ever', async () => {
    const desk = clientOn(socketWith(await cookieFor('operate')));
    await desk.desk.hello();
    const sockets = await Promise.all(
      Array.from(
        { length: 1_000 },
        (_, index) =>
          new Promise<Socket>((resolve, reject) => {
            const socket = connect(host.port, '127.0.0.1', () => {
              socket.write(
                index % 3 === 0
                  ? 'G'
                  : `POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nOrigin: ${host.origin}\r\n${index % 3 === 1 ? 'X-Slow: ' : 'Content-Length: 500\r\n\r\n{'}`,
              );
              resolve(socket);
            });
            socket.once('error', reject);
          }),
      ),
    );
    let closed = 0;
    for (const socket of sockets) {
      socket.removeAllListeners('error').on('error', () => undefined);
      socket.once('close', () => (closed += 1)).resume();
      cleanups.push(() => socket.destroy());
    }
    const lag = monitorEventLoopDelay({ resolution: 5 });
    lag.enable();
    const late: number[] = [];
    const until = performance.now() + 14_000;
    while (performance.now() < until && closed < sockets.length) {
      const asked = performance.now();
      await desk.desk.hello();
      late.push(performance.now() - asked);
      for (const socket of sockets) if (!socket.destroyed && socket.writable) socket.write('a');
      await wait(200);
    }
    lag.disable();
    late.sort((one, other) => one - other);
    expect(closed).toBe(1_000);
    // Generous: the machine of a test is shared. The bench gives the real figure.
    expect(late[Math.floor(late.length * 0.99)]).toBeLessThan(500);
  }, 30_000);
});

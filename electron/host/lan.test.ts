import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as askPlain } from 'node:http';
import { request as askTls } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { os } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { WallClient } from '../../shared/wall/contract.ts';
import type { LanDeps, LanLink } from '../lan-link.ts';
import type { CallContext } from '../procedures/door.ts';
import { secretsInMemory } from '../secrets.ts';
import type { Secrets } from '../secrets.ts';
import { openLan } from './lan.ts';

const door = os.$context<CallContext>();
const watching = {
  wall: {
    follow: door.handler(async function* ({ context, signal }) {
      for (let beat = 0; signal?.aborted !== true; beat++) {
        yield { beat, redacted: context.caller.redacted === true, grant: context.caller.grant, by: context.caller.id };
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }),
  },
} as unknown as LanDeps['watching'];

let dir: string;
let now: number;
let runs: number;
let link: LanLink;
let secrets: Secrets;
const faults: string[] = [];
const cleanups: (() => void)[] = [];

const start = (): LanLink =>
  openLan(join(dir, 'pages'))({
    dataDir: dir,
    clock: { now: () => now, monotonic: () => performance.now() },
    log: { info: () => undefined, error: (message, cause) => void faults.push(`${message} ${String(cause)}`) },
    watching,
    openRuns: () => runs,
    secrets,
  });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-lan-'));
  mkdirSync(join(dir, 'pages/assets'), { recursive: true });
  writeFileSync(join(dir, 'pages/index.html'), '<script src="/assets/room-1.js"></script>');
  writeFileSync(join(dir, 'pages/assets/room-1.js'), 'client.checklist.tick()');
  writeFileSync(join(dir, 'pages/wall.html'), '<title>War Room: wall</title><script src="/assets/wall-2.js"></script>');
  writeFileSync(join(dir, 'pages/assets/wall-2.js'), 'import "./part-3.js"');
  writeFileSync(join(dir, 'pages/assets/part-3.js'), 'draw()');
  now = Date.now();
  runs = 1;
  faults.length = 0;
  secrets = secretsInMemory('');
  link = start();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  await link.shutdown();
  rmSync(dir, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

const opened = (): NonNullable<ReturnType<LanLink['state']>['link']> => {
  const state = link.state().link;
  if (state === null) throw new Error('the link is not open');
  return state;
};
const openPlain = (hours = 1): Promise<void> => link.open({ mode: 'plain', address: '127.0.0.1', hours });

type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly cert: string;
};
const ask = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
  from = '127.0.0.1',
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { protocol, hostname, port } = new URL(opened().origin);
    const own = { agent: false, rejectUnauthorized: false, localAddress: from } as const;
    const options = { host: hostname, port, method, path, headers, ...own };
    const sent = protocol === 'https:' ? askTls(options) : askPlain(options);
    let cert = '';
    sent.on('socket', (socket) =>
      socket.on('secureConnect', () => (cert = (socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? '')),
    );
    const done = (status: number, given: IncomingHttpHeaders, text: string): void =>
      resolve({ status, headers: given, body: text, cert });
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => done(response.statusCode ?? 0, response.headers, text));
    });
    for (const event of ['connect', 'upgrade'] as const)
      sent.on(event, (response, socket) => {
        socket.destroy();
        done(response.statusCode ?? 0, response.headers, '');
      });
    sent.on('error', reject);
    sent.end(body);
  });

const pair = (code: string, from?: string): Promise<Answer> => {
  const headers = { origin: opened().origin, 'content-type': 'application/json' };
  return ask('POST', '/api/pair', headers, JSON.stringify({ code }), from);
};
const cookieOf = (answer: Answer): string => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const paired = async (): Promise<string> => {
  if (opened().code === null) link.newCode();
  return cookieOf(await pair(opened().code!.text));
};
const socketWith = (cookie: string): WebSocket => {
  const { origin } = opened();
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/watch`, {
    headers: { cookie, origin },
    rejectUnauthorized: false,
  });
  cleanups.push(() => socket.terminate());
  return socket;
};
const ended = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve).once('error', () => undefined));
const ready = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => socket.once('open', () => resolve()).once('error', reject));
const firstFrame = async (socket: WebSocket): Promise<Record<string, unknown>> => {
  const client: WallClient = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
  for await (const frame of await client.wall.follow({ run: null, after: 0 })) return frame;
  throw new Error('no frame came');
};

describe('the switch', () => {
  it('is off until somebody turns it, and nothing listens', () => {
    expect(link.state().link).toBeNull();
    expect(readdirSync(dir)).not.toContain('lan.json');
  });

  it('is refused without an open run, and for an address that is not this machine', async () => {
    runs = 0;
    await expect(openPlain()).rejects.toMatchObject({ code: 'not-allowed' });
    runs = 1;
    await expect(link.open({ mode: 'plain', address: '192.0.2.1', hours: 1 })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(link.state().link).toBeNull();
  });

  it('goes off with the last open run, and after its hours; 12 at most', async () => {
    await openPlain(99);
    expect(opened().until).toBe(now + 12 * 3_600_000);
    const socket = socketWith(await paired());
    await ready(socket);
    const closed = ended(socket);
    runs = 0;
    expect(await closed).toBe(4_002);
    await expect.poll(() => link.state().link, { timeout: 15_000 }).toBeNull();
    runs = 1;
    await openPlain(1);
    now += 3_600_001;
    await expect.poll(() => link.state().link, { timeout: 15_000 }).toBeNull();
    expect(JSON.parse(readFileSync(join(dir, 'lan.json'), 'utf8'))).toEqual({ link: null });
  });

  it('stands as it was after a restart: same port, same certificate, same screens', async () => {
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 2 });
    const before = opened();
    const cookie = await paired();
    await link.shutdown();
    link = start();
    await expect.poll(() => link.state().link?.origin, { timeout: 15_000 }).toBe(before.origin);
    expect(opened().fingerprint).toBe(before.fingerprint);
    expect(await firstFrame(socketWith(cookie))).toMatchObject({ grant: 'watch' });
    expect(statSync(join(dir, 'lan.json')).mode & 0o077).toBe(0);
  });

  const inFolder = (words: RegExp): readonly string[] =>
    readdirSync(dir).filter((name) => name !== 'pages' && words.test(readFileSync(join(dir, name), 'latin1')));

  it('keeps its private key in a file for this user alone, in no copy of the settings, and only while it stands', async () => {
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 2 });
    await paired();
    expect(inFolder(/PRIVATE KEY/u)).toEqual(['lan-key.pem']);
    expect(statSync(join(dir, 'lan-key.pem')).mode & 0o077).toBe(0);
    await link.close();
    expect(inFolder(/PRIVATE KEY/u)).toEqual([]);
  });

  it('keeps its private key in the keychain where there is one, and nowhere on disk', async () => {
    await link.shutdown();
    secrets = { ...secretsInMemory(''), where: async () => ({ kept: 'keychain', sentence: '' }) };
    link = start();
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 2 });
    const { fingerprint } = opened();
    expect(inFolder(/PRIVATE KEY/u)).toEqual([]);
    expect(await secrets.get('~lan-key')).toContain('PRIVATE KEY');
    await link.shutdown();
    link = start();
    await expect.poll(() => link.state().link?.fingerprint, { timeout: 15_000 }).toBe(fingerprint);
    await link.close();
    expect(await secrets.get('~lan-key')).toBeNull();
  });

  it('opens with a new certificate where the key is gone, lets the same screens in, and says so', async () => {
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 2 });
    const before = opened();
    const cookie = await paired();
    await link.shutdown();
    rmSync(join(dir, 'lan-key.pem'));
    link = start();
    await expect.poll(() => link.state().link?.origin, { timeout: 15_000 }).toBe(before.origin);
    expect(opened().fingerprint).not.toBe(before.fingerprint);
    expect(await firstFrame(socketWith(cookie))).toMatchObject({ grant: 'watch' });
    expect(faults.splice(0).join()).toContain('every screen has to accept again');
  });
});

describe('the way in', () => {
  it('is encrypted with a certificate of its own, whose fingerprint the desk shows', async () => {
    await link.open({ mode: 'tls', address: '127.0.0.2', hours: 1 });
    const { origin, fingerprint } = opened();
    expect(origin).toMatch(/^https:\/\/127\.0\.0\.2:\d+$/u);
    const { status, cert } = await ask('GET', '/wall');
    expect([status, cert]).toEqual([200, fingerprint]);
    expect(cookieOf(await pair(opened().code!.text))).toMatch(/^war-room-wall-/u);
    const kept: { readonly link: { readonly cert: string } } = JSON.parse(readFileSync(join(dir, 'lan.json'), 'utf8'));
    const parsed = new X509Certificate(kept.link.cert);
    expect(parsed.checkIP('127.0.0.2')).toBe('127.0.0.2');
    expect(Date.parse(parsed.validTo)).toBeLessThan(now + 3 * 3_600_000);
  });

  it('leaves out names and words where it is not encrypted, and says so nowhere else', async () => {
    await openPlain();
    expect(opened().fingerprint).toBeNull();
    expect(await firstFrame(socketWith(await paired()))).toMatchObject({ redacted: true, grant: 'watch' });
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 1 });
    expect(await firstFrame(socketWith(await paired()))).toMatchObject({ redacted: false });
  });

  it('takes a code once, however it is typed, for a cookie that no script reads', async () => {
    await openPlain();
    const { text } = opened().code!;
    expect(text).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/u);
    const first = await pair(` ${text.toLowerCase().replace('-', ' ')}`);
    expect(first.status).toBe(204);
    expect(first.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/u);
    expect(opened().code).toBeNull();
    expect((await pair(text)).status).toBe(401);
    expect(opened().viewers).toMatchObject([{ address: '127.0.0.1', since: now, watching: false }]);
  });

  it('forgets a code after ten minutes', async () => {
    await openPlain();
    const { text } = opened().code!;
    now += 10 * 60_000 + 1;
    expect(opened().code).toBeNull();
    expect((await pair(text)).status).toBe(401);
  });

  it('is locked for whoever tries five wrong codes in a minute, and for nobody else', async () => {
    await openPlain();
    const bad = '127.0.0.66';
    for (let guess = 0; guess < 5; guess++) expect((await pair(`AAAA-AAA${guess}`, bad)).status).toBe(401);
    expect((await pair(opened().code!.text, bad)).status).toBe(429);
    expect(opened().guesses).toEqual({ addresses: [bad], crowd: 'none' });
    expect((await pair(opened().code!.text)).status).toBe(204);
    link.newCode();
    now += 61_000;
    expect((await pair(opened().code!.text, bad)).status).toBe(204);
  });

  it('lets eight screens in and no more, and lets one go at once', async () => {
    await openPlain();
    const cookies: string[] = [];
    for (let screen = 0; screen < 8; screen++) cookies.push(await paired());
    link.newCode();
    expect((await pair(opened().code!.text)).status).toBe(503);
    const sockets = cookies.map(socketWith);
    await Promise.all(sockets.map(ready));
    const ninth = socketWith(cookies[0]!);
    await expect(ready(ninth)).rejects.toThrow('503');
    expect(opened().viewers.every(({ watching: on }) => on)).toBe(true);
    const gone = ended(sockets[3]!);
    link.revoke(opened().viewers[3]!.id);
    expect(await gone).toBe(4_001);
    expect(opened().viewers).toHaveLength(7);
    await expect(ready(socketWith(cookies[3]!))).rejects.toThrow('401');
    expect((await ask('GET', '/api/session', { cookie: cookies[3]! })).status).toBe(401);
    expect((await ask('GET', '/api/session', { cookie: cookies[4]! })).status).toBe(204);
    // The place is free again.
    expect((await pair(opened().code!.text)).status).toBe(204);
  });
});

describe('what is served', () => {
  it('is the wall and what it loads, and no file that only the room needs', async () => {
    await openPlain();
    for (const path of ['/', '/wall', '/wall.html', '/assets/wall-2.js', '/assets/part-3.js'])
      expect([path, (await ask('GET', path)).status]).toEqual([path, 200]);
    for (const path of [
      '/index.html',
      '/assets/room-1.js',
      '/api/rpc',
      '/api',
      '/lan.json',
      '/assets/..%2flan.json',
      '/wall/',
    ])
      expect([path, (await ask('GET', path)).status]).toEqual([path, 404]);
    expect((await ask('GET', '/')).body).toContain('wall');
  });

  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT'] as const;
  it('answers every route by every method without a cookie with 401, 404 or 405', async () => {
    await openPlain();
    const { origin } = opened();
    const routes = [
      '/',
      '/wall',
      '/wall.html',
      '/assets/wall-2.js',
      '/assets/part-3.js',
      '/api/pair',
      '/api/session',
      '/api/watch',
      '/api/rpc',
      '/nowhere',
    ];
    for (const path of routes)
      for (const method of methods) {
        const opens = !path.startsWith('/api') && path !== '/nowhere' && (method === 'GET' || method === 'HEAD');
        const { status } = await ask(method, path, { origin });
        if (opens) expect([path, method, status]).toEqual([path, method, 200]);
        else if (path === '/api/pair' && method === 'POST') expect([401, 429]).toContain(status);
        else expect({ path, method, fine: [401, 404, 405].includes(status) }).toEqual({ path, method, fine: true });
      }
    await expect(ready(socketWith(''))).rejects.toThrow('401');
  });

  it('refuses all but the exact pair of Host and Origin, before it looks at anything, with answers of one length', async () => {
    await openPlain();
    const cookie = await paired();
    const { host, port } = new URL(opened().origin);
    const hosts = [
      host,
      '127.0.0.1',
      `127.0.0.1:${Number(port) + 1}`,
      `localhost:${port}`,
      `LOCALHOST:${port}`,
      `evil.test:${port}`,
      `127.0.0.1.:${port}`,
      `[::1]:${port}`,
      `user@${host}`,
      'localhost',
    ];
    const origins = [
      `http://${host}`,
      `https://${host}`,
      `http://evil.test:${port}`,
      'null',
      `http://${host}/`,
      `http://user@${host}`,
    ];
    let passed = 0;
    const lengths = new Set<string>();
    for (const given of hosts)
      for (const origin of origins) {
        const { status, headers } = await ask('GET', '/api/session', { host: given, origin, cookie });
        if (status === 204) passed += 1;
        else {
          expect([given, origin, status]).toEqual([given, origin, 403]);
          lengths.add(headers['content-length'] ?? '');
        }
      }
    expect([hosts.length * origins.length, passed, lengths.size]).toEqual([60, 1, 1]);
    // An upgrade without an Origin is refused, whoever asks.
    const { origin } = opened();
    const silent = new WebSocket(`${origin.replace('http', 'ws')}/api/watch`, { headers: { cookie } });
    await expect(ready(silent)).rejects.toThrow('403');
  });
});

describe('strangers who are slow', () => {
  const held = (count: number, first: string): readonly Socket[] =>
    Array.from({ length: count }, () => {
      const port = Number(new URL(opened().origin).port);
      const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.88' });
      socket.on('error', () => undefined).on('connect', () => socket.write(first));
      socket.resume();
      cleanups.push(() => socket.destroy());
      return socket;
    });

  it('hold few connections, and lose them; a screen that is in notices nothing', { timeout: 60_000 }, async () => {
    await openPlain();
    const cookie = await paired();
    const screen = socketWith(cookie);
    await ready(screen);
    const sockets = held(200, 'GET /wall HTTP/1.1\r\nHost: ');
    const closed = (): number => sockets.filter(({ closed: gone }) => gone).length;
    await expect.poll(closed, { timeout: 20_000 }).toBeGreaterThan(170);
    expect(await firstFrame(screen)).toMatchObject({ grant: 'watch' });
    await expect.poll(closed, { timeout: 20_000 }).toBe(200);
    expect((await ask('GET', '/wall')).status).toBe(200);
  });

  it('who knock too often are not even given a socket, while others are served', { timeout: 60_000 }, async () => {
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 1 });
    const { port } = new URL(opened().origin);
    const knock = (): Promise<unknown> =>
      new Promise((resolve) => {
        const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: '127.0.0.77' });
        socket.on('error', () => undefined).on('close', resolve);
        socket.on('connect', () => socket.destroy());
      });
    const served = (): Promise<number> =>
      ask('GET', '/wall', {}, '', '127.0.0.77').then(
        ({ status }) => status,
        () => 0,
      );
    // So many within one second, whenever this machine finds the time for it.
    const crowd = async (): Promise<number> => {
      for (let batch = 0; batch < 15; batch++) await Promise.all(Array.from({ length: 12 }, knock));
      return served();
    };
    await expect.poll(crowd, { timeout: 20_000, interval: 50 }).toBe(0);
    expect((await ask('GET', '/wall')).status).toBe(200);
    // The address is given another chance by itself.
    await expect.poll(served, { timeout: 30_000, interval: 500 }).toBe(200);
  });

  it('who send no handshake are let go without a word in the log', { timeout: 60_000 }, async () => {
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 1 });
    const sockets = held(10, 'GET / HTTP/1.1\r\n\r\n');
    await expect.poll(() => sockets.every(({ closed: gone }) => gone), { timeout: 20_000 }).toBe(true);
    expect((await ask('GET', '/wall')).status).toBe(200);
  });

  it('a screen that no longer reads is dropped', { timeout: 60_000 }, async () => {
    await openPlain();
    const cookie = await paired();
    const { host, port, origin } = new URL(opened().origin);
    const socket = connect(Number(port), '127.0.0.1');
    cleanups.push(() => socket.destroy());
    const lines = [
      'GET /api/watch HTTP/1.1',
      `Host: ${host}`,
      `Origin: ${origin}`,
      `Cookie: ${cookie}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    socket.on('error', () => undefined).write(`${lines.join('\r\n')}\r\n\r\n`);
    await expect.poll(() => opened().viewers[0]?.watching, { timeout: 10_000 }).toBe(true);
    socket.pause();
    await expect.poll(() => opened().viewers[0]?.watching, { timeout: 20_000 }).toBe(false);
  });
});

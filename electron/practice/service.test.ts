import dnsPacket from 'dns-packet';
import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { WarRoomError } from '../../shared/errors.ts';
import { serviceFaults } from './faults.ts';
import { startPractice, type Practice } from './service.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await startPractice({ rolloutMs: 200, backing: false, cluster: false });
});
afterEach(() => practice.close());

const address = (name: string): string => {
  const found = practice.variable(`practice.${name}`);
  if ('absent' in found) throw new Error(found.absent);
  return found.value;
};

const ask = async (path: string, method = 'GET', body?: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${address('http')}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text,
    json: () => JSON.parse(text) as unknown,
  };
};

const token = { authorization: 'Bearer practice-token' };

describe('the practice service in good order', () => {
  it('answers its health checks with the version', async () => {
    expect((await ask('/health')).json()).toEqual({ status: 'ok', version: '2.13.6' });
    expect((await ask('/health/detailed')).json()).toMatchObject({
      database: { status: 'ok' },
      redis: { status: 'ok' },
    });
    expect((await ask('/ready')).status).toBe(200);
    expect((await ask('/nowhere')).status).toBe(404);
  });

  it('walks the journey: log in, send, list, reply, log out', async () => {
    const login = await ask('/api/auth/login', 'POST', { email: 'oncall@practice.test', password: 'practice' });
    const { token: mine } = login.json() as { token: string };
    const headers = { authorization: `Bearer ${mine}` };
    expect((await ask('/api/v1/messages', 'POST', { to: '+15550100001', text: 'hello' }, headers)).status).toBe(201);
    const { conversations } = (await ask('/api/v1/conversations', 'GET', undefined, headers)).json() as {
      conversations: { id: string }[];
    };
    expect(
      (await ask(`/api/v1/conversations/${conversations[0]?.id}/replies`, 'POST', { text: 'hi' }, headers)).status,
    ).toBe(201);
    expect((await ask('/api/auth/logout', 'POST', undefined, headers)).status).toBe(200);
    expect((await ask('/api/v1/conversations', 'GET', undefined, headers)).status).toBe(401);
    expect((await ask('/api/auth/login', 'POST', { email: 'oncall@practice.test', password: 'wrong' })).status).toBe(
      401,
    );
  });

  it('takes webhooks and counts them', async () => {
    const before = (await ask('/webhooks/stats')).json() as { stripe: { handled: number } };
    expect((await ask('/webhooks/stripe', 'POST', { id: 'evt_1' })).json()).toEqual({ received: true });
    const after = (await ask('/webhooks/stats')).json() as { stripe: { handled: number } };
    expect(after.stripe.handled).toBeGreaterThan(before.stripe.handled);
    expect((await ask('/webhooks/telnyx', 'POST')).status).toBe(400);
  });

  it('keeps an upload and lets go of it', async () => {
    expect((await ask('/uploads/marker', 'PUT', 'here')).status).toBe(201);
    expect((await ask('/uploads/marker')).text).toBe('"here"');
    expect((await ask('/uploads/marker', 'DELETE')).json()).toEqual({ deleted: true });
    expect((await ask('/uploads/marker')).status).toBe(404);
    expect((await ask('/uploads/marker', 'PUT', 'x'.repeat(70_000))).status).toBe(413);
  });

  it('answers for the other tools of the team', async () => {
    expect((await ask('/ci')).json()).toMatchObject({ tests: { failed: 0 }, pullRequests: { fewestApprovals: 2 } });
    expect((await ask('/ops/alerts')).json()).toMatchObject({ configured: 5, firing: 0 });
    expect((await ask('/ops/infrastructure')).json()).toMatchObject({ servers: { healthy: true } });
    expect((await ask('/status.json')).json()).toMatchObject({ status: { indicator: 'none' } });
    expect((await ask('/admin', 'GET', undefined, token)).text).toContain('<h1>Admin dashboard</h1>');
  });

  it('counts more requests than the count test needs within a minute, and exposes them', async () => {
    await vi.waitFor(() => expect(practice.numbers().requests).toBeGreaterThan(50), { timeout: 15_000, interval: 100 });
    const { type, text } = await ask('/metrics');
    expect(type).toContain('version=0.0.4');
    expect(text).toMatch(/^requests_total \d+$/m);
    expect(text).toMatch(/^http_request_duration_seconds_bucket\{le="\+Inf"\} \d+$/m);
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_0-9]+(\{[^}]*\})? -?[\d.e+-]+)$/);
  });

  it('echoes on its WebSocket and refuses another path', async () => {
    const echoed = await new Promise<string>((resolve, reject) => {
      const socket = new WebSocket(`${address('ws')}/ws`);
      socket.on('open', () => socket.send('ping-1'));
      socket.on('message', (data: Buffer) => (resolve(data.toString()), socket.close()));
      socket.on('error', reject);
    });
    expect(echoed).toBe('ping-1');
    await expect(
      new Promise((resolve, reject) => new WebSocket(`${address('ws')}/other`).on('open', resolve).on('error', reject)),
    ).rejects.toThrow('404');
  });

  it('answers names over UDP', async () => {
    const [host = '', port = '0'] = address('dns').split(':');
    const lookUp = (name: string, type: 'A' | 'CAA') =>
      new Promise<dnsPacket.DecodedPacket>((resolve) => {
        const socket = createSocket('udp4');
        socket.on('message', (message) => (socket.close(), resolve(dnsPacket.decode(message))));
        socket.send(dnsPacket.encode({ type: 'query', id: 7, questions: [{ type, name }] }), Number(port), host);
      });
    expect((await lookUp('api.practice.test', 'A')).answers).toMatchObject([{ type: 'A', data: '127.0.0.1', ttl: 60 }]);
    expect((await lookUp('practice.test', 'CAA')).answers).toHaveLength(1);
    expect((await lookUp('gone.practice.test', 'A')) as { rcode?: string }).toMatchObject({ rcode: 'NXDOMAIN' });
    expect((await lookUp('example.org', 'A')) as { rcode?: string }).toMatchObject({ rcode: 'REFUSED' });
  });

  it('is deterministic from its seed', async () => {
    const { createTraffic } = await import('./traffic.ts');
    const live = (seed: number) => {
      const traffic = createTraffic(seed, 0);
      for (let s = 1; s <= 120; s++) traffic.advance(s * 1_000, { fault: () => 0, served: true, warmUp: 0 });
      return traffic;
    };
    expect(live(7).counters).toEqual(live(7).counters);
    expect(live(7).counters).not.toEqual(live(8).counters);
    const { counters, gauges } = live(7);
    expect(counters.requests / 2).toBeGreaterThan(2_995);
    expect(counters.errors / counters.requests).toBeLessThan(0.001);
    expect(gauges.p95Ms).toBeLessThan(500);
    expect((100 * counters.webhooksDelivered) / counters.webhooks).toBeGreaterThan(99.5);
    expect((100 * counters.messagesDelivered) / counters.messages).toBeGreaterThan(99);
  });
});

const certificateEnd = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const [host = '', port = '0'] = address('tls').split(':');
    const socket = connectTls(
      { host, port: Number(port), servername: 'api.practice.test', ca: address('ca'), rejectUnauthorized: false },
      () => {
        resolve(Date.parse(socket.getPeerCertificate().valid_to));
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });

describe('a fault', () => {
  it('is listed with words, switched on and off, and refused when unknown', async () => {
    expect(practice.faults().map((fault) => fault.name)).toEqual(Object.keys(serviceFaults));
    for (const fault of practice.faults())
      expect(fault).toMatchObject({
        level: 0,
        label: expect.stringMatching(/\w/),
        sentence: expect.stringMatching(/\.$/),
      });
    await practice.setFault('latency', 0.5);
    expect(practice.faults().find((fault) => fault.name === 'latency')?.level).toBe(0.5);
    await expect(practice.setFault('latency', 2)).rejects.toThrow(WarRoomError);
    await expect(practice.setFault('constructor', true)).rejects.toThrow(/knows no fault/);
  });

  it('"down" shows on the endpoint as 503 JSON, on the WebSocket, and heals', async () => {
    await practice.setFault('down', true);
    expect(await ask('/health')).toMatchObject({ status: 503, type: expect.stringContaining('json') });
    await expect(
      new Promise((resolve, reject) => new WebSocket(`${address('ws')}/ws`).on('open', resolve).on('error', reject)),
    ).rejects.toThrow('503');
    await practice.setFault('down', false);
    expect((await ask('/health')).status).toBe(200);
  });

  it('"database" fails what needs the data and the detailed health', async () => {
    await practice.setFault('database', true);
    expect(await ask('/health/detailed')).toMatchObject({ status: 503 });
    expect((await ask('/api/v1/conversations', 'GET', undefined, token)).status).toBe(500);
    expect((await ask('/ready')).status).toBe(503);
  });

  it('"wrong-status" answers a web page, "drip" never ends', async () => {
    await practice.setFault('wrong-status', true);
    expect(await ask('/health')).toMatchObject({ status: 404, type: expect.stringContaining('html') });
    await practice.setFault('wrong-status', false);
    await practice.setFault('drip', true);
    await expect(
      fetch(`${address('http')}/health`, { signal: AbortSignal.timeout(1_500) }).then((r) => r.text()),
    ).rejects.toThrow(/timeout/i);
  });

  it('"certificate" shows the expired leaf at the next handshake; the good chain is trusted through its intermediate', async () => {
    await new Promise<void>((resolve, reject) => {
      const [host = '', port = '0'] = address('tls').split(':');
      const socket = connectTls(
        { host, port: Number(port), servername: 'api.practice.test', ca: address('ca') },
        () => (socket.destroy(), resolve()),
      );
      socket.on('error', reject);
    });
    expect(await certificateEnd()).toBeGreaterThan(Date.now());
    await practice.setFault('certificate', true);
    expect(await certificateEnd()).toBeLessThan(Date.now());
  });

  it('"latency", "errors", "redis" and "memory" move the numbers', async () => {
    const { createTraffic } = await import('./traffic.ts');
    const after = (on: Record<string, number>, seconds = 90) => {
      const traffic = createTraffic(3, 0);
      for (let s = 1; s <= seconds; s++)
        traffic.advance(s * 1_000, { fault: (name) => on[name] ?? 0, served: true, warmUp: 0 });
      return { ...traffic.counters, ...traffic.gauges };
    };
    const calm = after({});
    expect(after({ latency: 1 }).p95Ms / calm.p95Ms).toBeGreaterThan(2.1);
    expect(after({ errors: 1 }).errors / after({ errors: 1 }).requests).toBeGreaterThan(0.025);
    expect(after({ redis: 1 }).cacheHit).toBeLessThan(10);
    expect(after({ memory: 1 }, 70).memory).toBeGreaterThan(85);
    expect(after({ database: 1 }).poolUsed).toBeGreaterThan(80);
    expect(after({ pods: 1 }).restarts).toBeGreaterThan(calm.restarts);
  });
});

describe('a deployment', () => {
  it('changes the version that answers, and brings its fault along until another version answers', async () => {
    practice.deploy('2.14.0', 'errors');
    expect(practice.version()).toBe('2.13.6');
    await vi.waitFor(async () => expect((await ask('/health')).json()).toMatchObject({ version: '2.14.0' }), {
      timeout: 15_000,
    });
    expect(practice.faults().find((fault) => fault.name === 'errors')?.level).toBe(1);
    expect((await ask('/deploy', 'POST', { version: '2.13.6' })).status).toBe(202);
    await vi.waitFor(() => expect(practice.version()).toBe('2.13.6'), { timeout: 15_000 });
    expect(practice.faults().find((fault) => fault.name === 'errors')?.level).toBe(0);
    const { lines } = (await ask('/logs')).json() as { lines: { message: string }[] };
    expect(lines.map((line) => line.message)).toContain('Deployment of version 2.14.0 started');
  });
});

describe('with real servers behind it', () => {
  it('answers at once, tells how far they are, stops the database for its fault, and writes its log to a file', async () => {
    const whole = await startPractice({ cluster: false });
    try {
      // Redis may be there by now; PostgreSQL makes its files first, which takes a second or more.
      expect(whole.parts()[0]?.state).toBe('starting');
      expect(['starting', 'up']).toContain(whole.parts()[1]?.state);
      expect(whole.variable('practice.postgres')).toEqual({ absent: 'PostgreSQL is starting.' });
      await vi.waitFor(() => expect(whole.variable('practice.postgres')).toHaveProperty('value'), { timeout: 30_000 });
      await whole.setFault('database', true);
      expect(whole.parts()[0]?.sentence).toBe('PostgreSQL is stopped by a fault.');
      await whole.setFault('database', false);
      expect(whole.parts()[0]?.sentence).toBe('PostgreSQL runs on this machine.');
      const log = whole.variable('practice.log');
      // The file comes with the first second of traffic, which may be later than the database.
      await vi.waitFor(
        async () => {
          const text = 'value' in log ? await readFile(log.value, 'utf8') : '';
          expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({
            level: 'info',
            correlationId: expect.stringMatching(/^req-/),
          });
        },
        { timeout: 10_000 },
      );
    } finally {
      await whole.close();
    }
  });

  it('says that a part is absent where it was not wanted, and knows no other names', () => {
    expect(practice.variable('practice.redis')).toEqual({ absent: expect.stringContaining('without real servers') });
    expect(practice.variable('practice.nonsense')).toEqual({ absent: expect.stringContaining('no value') });
    expect(practice.variable('toString')).toHaveProperty('absent');
  });

  it('rejects with a port that is taken, and leaves nothing open behind it', async () => {
    const port = Number(new URL(address('http')).port);
    await expect(startPractice({ port, backing: false, cluster: false })).rejects.toThrow('EADDRINUSE');
    expect((await ask('/health')).status).toBe(200);
  });

  it('is broken by the pods of the cluster, and by a Service without any', async () => {
    const rehearsal = await startPractice({ backing: false, rolloutMs: 400 });
    try {
      expect(rehearsal.parts()).toEqual([expect.objectContaining({ name: 'Kubernetes', state: 'up' })]);
      expect(rehearsal.variable('practice.kubeconfig')).toHaveProperty('value');
      rehearsal.deploy('2.14.0', 'errors');
      await vi.waitFor(() => expect(rehearsal.version()).toBe('2.14.0'), { timeout: 10_000 });
      expect(rehearsal.faults().find((fault) => fault.name === 'errors')?.level).toBe(1);
      rehearsal.deploy('2.13.6');
      await vi.waitFor(() => expect(rehearsal.version()).toBe('2.13.6'), { timeout: 10_000 });
      expect(rehearsal.faults().find((fault) => fault.name === 'errors')?.level).toBe(0);
    } finally {
      await rehearsal.close();
    }
  });
});

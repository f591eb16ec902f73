import { Redis } from 'ioredis';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { Client } from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startBacking, type Backing } from './backing.ts';

const open: Backing[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((backing) => backing.close()));
});

const start = async (): Promise<Backing> => {
  const backing = await startBacking();
  open.push(backing);
  return backing;
};

const settled = (backing: Backing): Promise<void> =>
  vi.waitFor(() => expect(backing.parts().map((part) => part.state)).not.toContain('starting'), {
    timeout: 30_000,
    interval: 100,
  });

const ask = async (url: string, sql: string): Promise<Record<string, unknown>> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0] as Record<string, unknown>;
  } finally {
    await client.end();
  }
};

const refuses = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => (socket.destroy(), resolve(false)));
    socket.on('error', () => resolve(true));
  });

const pong = async (url: string): Promise<string> => {
  const redis = new Redis(url);
  try {
    return `${await redis.ping()} ${await redis.dbsize()}`;
  } finally {
    redis.disconnect();
  }
};

const urlOf = (backing: Backing, part: 'postgres' | 'redis'): string => {
  const found = backing.url(part);
  if ('absent' in found) throw new Error(found.absent);
  return found.value;
};

describe('the real servers behind practice', () => {
  it('come up by themselves, as far as the machine has them, and say how far they are', async () => {
    const began = Date.now();
    const backing = await start();
    expect(Date.now() - began).toBeLessThan(1_000);
    expect(backing.parts().map((part) => part.state)).toEqual(['starting', 'starting']);
    expect(backing.url('postgres')).toEqual({ absent: 'PostgreSQL is starting.' });
    await settled(backing);
    const postgres = urlOf(backing, 'postgres');
    expect(
      await ask(postgres, 'select current_user as me, usesuper from pg_user where usename = current_user'),
    ).toEqual({ me: 'watcher', usesuper: false });
    expect(await ask(postgres, 'select count(*)::int >= 20000 as seeded from messages')).toEqual({ seeded: true });
    expect(await ask(postgres, 'select count(*)::int > 0 as some from pg_stat_statements')).toEqual({ some: true });
    const redis = backing.url('redis');
    const alive = 'value' in redis ? await pong(redis.value) : redis.absent;
    expect(alive).toMatch(/^PONG 5\d\d$|redis-server/);
  });

  it('stop and come back on the same port as a fault wants', async () => {
    const backing = await start();
    await settled(backing);
    const url = urlOf(backing, 'postgres');
    await backing.want('postgres', 'stopped');
    expect(await refuses(url)).toBe(true);
    expect(backing.parts()[0]?.sentence).toBe('PostgreSQL is stopped by a fault.');
    await backing.want('postgres', 'running');
    expect(await ask(url, 'select 1 as one')).toEqual({ one: 1 });
  });

  it('say in a sentence why they are not available, and the rest goes on', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '';
    const backing = await start();
    process.env['PATH'] = path;
    await settled(backing);
    const redis = backing.parts()[1];
    expect(redis).toMatchObject({
      name: 'Redis',
      state: 'not-available',
      sentence: expect.stringContaining('redis-server'),
    });
    expect(backing.url('redis')).toEqual({ absent: redis?.sentence });
    await backing.want('redis', 'stopped');
  });

  it('leave no process and no folder when closed', async () => {
    const backing = await start();
    await settled(backing);
    const url = urlOf(backing, 'postgres');
    expect(existsSync(backing.folder)).toBe(true);
    await backing.close();
    expect(await refuses(url)).toBe(true);
    expect(existsSync(backing.folder)).toBe(false);
  });

  it.each([0, 1])(
    'leave no process and no folder when their app is killed (%i: 0 while starting, 1 when up)',
    async (late) => {
      const script = `
      const { startBacking } = await import(${JSON.stringify(new URL('./backing.ts', import.meta.url).href)});
      const backing = await startBacking();
      console.log(JSON.stringify(backing.folder));
      setInterval(() => { if (backing.parts().every((p) => p.state !== 'starting')) console.log(JSON.stringify(backing.url('postgres').value)); }, 100);`;
      const app = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said: string[] = [];
      app.stdout.on('data', (data) => (said = [...said, ...String(data).trim().split('\n')]));
      await vi.waitFor(() => expect(said.length).toBeGreaterThan(late), { timeout: 30_000, interval: 50 });
      const gone = once(app, 'exit');
      app.kill('SIGKILL');
      await gone;
      const folder = JSON.parse(said[0] ?? '') as string;
      await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 25_000, interval: 200 });
      const urls = said.slice(1).map((line) => JSON.parse(line) as string);
      expect(await Promise.all(urls.map(refuses))).not.toContain(false);
    },
  );
});

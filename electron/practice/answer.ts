import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf } from '../body.ts';
import { createRandom } from './random.ts';
import { routeOf } from './routes.ts';
import { drawLatencyMs, errorRate } from './traffic.ts';
import { json, type Feels, type Reply, type World } from './world.ts';

const bodyCap = 64 * 1024;
const dripMs = 400;
const dripsAtMost = 150;

/** How much of a user's waiting time each kind of route takes. */
const waiting: Readonly<Record<Feels, number>> = { health: 0.15, product: 1, data: 1, outside: 0 };

const send = (response: ServerResponse, { status, type, body }: Reply, headOnly: boolean): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    'content-type': type ?? 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  };
  response.writeHead(status, headers).end(headOnly ? '' : text);
};

/** Begins an answer that goes on, a space at a time, for a minute: any client without a total deadline hangs on it. */
const drip = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.write('{"status":');
  let left = dripsAtMost;
  const timer = setInterval(() => {
    if (left-- > 0) response.write(' ');
    else response.destroy();
  }, dripMs);
  response.on('close', () => clearInterval(timer));
};

/** The answer a fault gives in place of the route's own, or null. */
const broken = (world: World, feels: Feels, chance: number): Reply | 'drip' | null => {
  const { level } = world.faults;
  if (feels === 'outside') return null;
  if (world.release.readyPods() === 0) return json({ error: 'No pod takes traffic.' }, 503);
  if (feels === 'health') {
    if (level('drip') > 0) return 'drip';
    if (level('wrong-status') > 0)
      return {
        status: 404,
        type: 'text/html; charset=utf-8',
        body: '<!doctype html><title>404</title><h1>Not found</h1>',
      };
    if (level('down') > 0) return json({ status: 'down', version: world.release.version() }, 503);
    return null;
  }
  if (feels === 'data' && level('database') > 0) return json({ error: 'The database refuses connections.' }, 500);
  const fault = (name: Parameters<typeof level>[0]): number => (name === 'database' ? 0 : level(name));
  // The few errors of a service in good order stay in the counts: a probe that looks once must not meet one by chance.
  const rate = errorRate({ fault, served: true }) - errorRate({ fault: () => 0, served: true });
  return chance < rate ? json({ error: 'Something broke on our side.' }, 500) : null;
};

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Answers one request after another from the world, as slowly and as wrongly as its faults say. */
export const createAnswer = (
  world: World,
  seed: number,
): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const random = createRandom(seed);
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://practice.invalid');
    const headOnly = request.method === 'HEAD';
    const found = routeOf(headOnly ? 'GET' : (request.method ?? 'GET'), url.pathname);
    const body = (await bodyOf(request, bodyCap))?.toString('utf8') ?? null;
    if (body === null) return send(response, json({ error: 'The body is larger than 64 KiB.' }, 413), headOnly);
    if (found === null) return send(response, json({ error: 'Nothing is here.' }, 404), headOnly);
    const { route, rest } = found;
    const conditions = { fault: world.faults.level, warmUp: world.release.warmUp() };
    await pause(Math.min(10_000, waiting[route.feels] * drawLatencyMs(random, conditions)));
    const wrong = broken(world, route.feels, random.uniform());
    if (wrong === 'drip') return drip(response);
    send(response, wrong ?? route.answer(world, { request, url, body, rest }), headOnly);
  };
};

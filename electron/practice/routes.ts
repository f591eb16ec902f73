import { exposition } from './exposition.ts';
import { operations } from './operations.ts';
import { productRoutes } from './product.ts';
import { json, type Reply, type Route, type World } from './world.ts';

const states = (world: World): { readonly database: string; readonly redis: string } => ({
  database: world.faults.level('database') > 0 ? 'down' : 'ok',
  redis: world.faults.level('redis') > 0 ? 'fallback' : 'ok',
});

const detailed = (world: World): Reply => {
  const { database, redis } = states(world);
  const ok = database === 'ok' && redis === 'ok';
  const body = {
    status: ok ? 'ok' : 'degraded',
    version: world.release.version(),
    database: {
      status: database,
      ...(database === 'ok' ? {} : { error: 'The pool has no connection: the database refuses connections.' }),
      poolUsedPercent: Math.round(world.traffic.gauges.poolUsed),
    },
    redis: {
      status: redis,
      ...(redis === 'ok' ? {} : { error: 'The cache refuses connections; reads go to the database.' }),
    },
    services: { carrier: 'ok', payments: 'ok', storage: 'ok', queue: database },
    startup: { errors: 0, restarts: world.traffic.counters.restarts },
    parts: world.parts(),
  };
  return json(body, database === 'ok' ? 200 : 503);
};

const health: Record<string, Route> = {
  'GET /health': { feels: 'health', answer: (world) => json({ status: 'ok', version: world.release.version() }) },
  'GET /health/detailed': { feels: 'health', answer: detailed },
  'GET /ready': {
    feels: 'health',
    answer: (world) => {
      const ready = states(world).database === 'ok' && world.release.readyPods() > 0;
      return json({ status: ready ? 'ready' : 'not-ready', pods: world.release.readyPods() }, ready ? 200 : 503);
    },
  },
};

const numbers: Record<string, Route> = {
  'GET /stats': {
    feels: 'outside',
    answer: ({ faults, traffic }) =>
      faults.level('numbers') > 0
        ? json({ error: 'The numbers are gone.' }, 503)
        : json({ ...traffic.counters, ...traffic.gauges }),
  },
  'GET /stats/past': {
    feels: 'outside',
    answer: ({ past }, { url }) => {
      const moment = (name: string): number => Number(url.searchParams.get(name) ?? NaN) || 0;
      return json(past.between(moment('from'), moment('to')));
    },
  },
  'GET /metrics': {
    feels: 'outside',
    answer: ({ traffic, release, startedAt, now }) => ({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: exposition(traffic, {
        version: release.version(),
        readyPods: release.readyPods(),
        upS: (now() - startedAt) / 1_000,
      }),
    }),
  },
  'GET /logs': {
    feels: 'outside',
    answer: ({ journal }, { url }) => json(journal.tail(Number(url.searchParams.get('after') ?? 0) || 0)),
  },
};

const routes: Readonly<Record<string, Route>> = { ...health, ...numbers, ...productRoutes, ...operations };

/** The route of a request, and what follows its path where the route ends in a star. Null when nothing is there. */
export const routeOf = (method: string, path: string): { readonly route: Route; readonly rest: string } | null => {
  const exact = routes[`${method} ${path}`];
  if (exact !== undefined) return { route: exact, rest: '' };
  for (const [key, route] of Object.entries(routes)) {
    const prefix = key.endsWith('*') ? key.slice(0, -1) : null;
    if (prefix !== null && `${method} ${path}`.startsWith(prefix))
      return { route, rest: `${method} ${path}`.slice(prefix.length) };
  }
  return null;
};

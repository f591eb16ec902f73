import { json, type Reply, type Route, type World } from './world.ts';
import { errorRate } from './traffic.ts';

/** What the team's other tools would answer: CI, backups, CDN, on-call, status page, alert rules, support desk. */

const hoursAgo = (world: World, hours: number): string => new Date(world.now() - hours * 3_600_000).toISOString();

const failing = (world: World): number =>
  errorRate({ fault: world.faults.level, served: world.release.readyPods() > 0 });

const ci = (world: World): Reply =>
  json({
    state: 'success',
    version: world.release.deploy().wanted,
    tests: { total: 1_284, passed: 1_284, failed: 0 },
    coverage: { percent: 91.4, criticalPathsPercent: 94.2 },
    build: { state: 'success', typeErrors: 0, lintErrors: 0, formatErrors: 0 },
    e2e: { state: 'success', passed: 64, failed: 0 },
    load: { state: 'success', p95Ms: 288, errorPercent: 0.01 },
    pullRequests: { merged: 7, fewestApprovals: 2 },
  });

const backups = (world: World): Reply =>
  json({
    backups: { lastAt: hoursAgo(world, 3), ageHours: 3, verified: true, sizeGb: 18.2 },
    migrations: { head: '20261124_add_delivery_receipts', pending: 0, testedInStaging: true, backwardCompatible: true },
    connection: { environment: 'practice', production: false },
    permissions: { superuser: false, lastReviewAt: hoursAgo(world, 48) },
    diskFreeGb: world.traffic.gauges.diskFreeGb,
  });

const status = (world: World): Reply => {
  const bad = world.faults.level('down') > 0 || failing(world) > 0.1;
  const component = bad ? 'major_outage' : failing(world) > 0.01 ? 'degraded_performance' : 'operational';
  return json({
    page: { id: 'practice', name: 'Practice', updated_at: new Date(world.now()).toISOString() },
    status: bad
      ? { indicator: 'major', description: 'Major outage' }
      : { indicator: 'none', description: 'All systems operational' },
    components: ['API', 'WebSocket', 'Webhooks'].map((name) => ({ id: name.toLowerCase(), name, status: component })),
    scheduled_maintenances: [{ name: 'Deployment window', status: 'scheduled' }],
  });
};

const onCall = (): Reply =>
  json({
    oncalls: [
      { escalation_level: 1, schedule: { summary: 'Primary' }, user: { id: 'P1', summary: 'Robin Practice' } },
      { escalation_level: 2, schedule: { summary: 'Engineering lead' }, user: { id: 'P2', summary: 'Kim Practice' } },
    ],
  });

/** The team's alert rules by name, with the state they have now. */
const alerts = (world: World): Reply => {
  const { gauges } = world.traffic;
  const rule = (line: string, firing: boolean) => ({ line, muted: false, state: firing ? 'alert' : 'ok' });
  const rules = {
    errorRate: rule('> 1 %', failing(world) > 0.01),
    latencyP95: rule('> 1000 ms', gauges.p95Ms > 1_000),
    connectionPool: rule('> 80 %', gauges.poolUsed > 80),
    redisConnection: rule('any failure', world.faults.level('redis') > 0),
    memory: rule('> 85 %', gauges.memory > 85),
  };
  const all = Object.values(rules);
  return json({ rules, configured: all.length, firing: all.filter((one) => one.state === 'alert').length, muted: 0 });
};

const infrastructure = (world: World): Reply => {
  const ready = world.release.readyPods();
  return json({
    servers: { ready, wanted: 3, healthy: ready >= 3 },
    loadBalancer: { state: ready > 0 ? 'active' : 'no-backends', backends: ready },
    secrets: { wanted: 9, present: 9, missing: [] },
    cdn: { cleared: true, clearedAt: hoursAgo(world, 0.5) },
    apm: { state: 'reporting', dashboards: 4 },
    logs: { state: 'streaming', delaySeconds: 2 },
    uptime: { state: 'active', checks: 3 },
  });
};

const deployState = (world: World): Reply => {
  const { state, wanted } = world.release.deploy();
  return json({ state, wanted, running: world.release.version(), readyPods: world.release.readyPods() });
};

const startDeploy = (world: World, body: string): Reply => {
  const version = /"version"\s*:\s*"([\w.+-]{1,80})"/.exec(body)?.[1];
  if (version === undefined) return json({ error: 'A deployment has a "version".' }, 400);
  world.deploy(version);
  return json({ accepted: version }, 202);
};

const outside = (answer: Route['answer']): Route => ({ feels: 'outside', answer });

export const operations: Readonly<Record<string, Route>> = {
  'GET /ci': outside(ci),
  'GET /ops/database': outside(backups),
  'GET /ops/oncall': outside(onCall),
  'GET /ops/alerts': outside(alerts),
  'GET /ops/infrastructure': outside(infrastructure),
  'GET /status.json': outside(status),
  'GET /support/tickets': outside(({ traffic: { gauges } }) =>
    json({ open: gauges.supportTickets, usual: 3, majorBugs: gauges.majorBugs }),
  ),
  'GET /deploy': outside(deployState),
  'POST /deploy': outside((world, { body }) => startDeploy(world, body)),
};

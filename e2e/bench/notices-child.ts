import { setTimeout as sleep } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import { createEngine } from '../../electron/engine.ts';
import { credentials } from '../../electron/notify/fixtures/far-end.ts';
import { secretsInMemory } from '../../electron/secrets.ts';
import type { Actor } from '../../shared/events.ts';
import type { Client } from '../../shared/contract.ts';

/**
 * The app of the kill bench for notices, in a process of its own: "work" has one thing after another happen that the
 * target tells by itself, "drain" only sends what is left. A line for each event once it is on disk.
 */

const [mode = 'work', dataDir = '', base = '', life = '0'] = process.argv.slice(2);
const quiet = { info: () => undefined, error: () => undefined };
const bo: Actor = { kind: 'person', name: 'Bo', role: null, via: 'desk' };
const secrets = secretsInMemory('for a bench');
await secrets.keep('sign', credentials.secret);
await secrets.keep('hook', credentials.hook);

const target = `version: 1
service: shop
environment: production
notices:
  - { kind: webhook, label: Hook, with: { url: '${base}/hook', secret: secret:sign }, on: [no-go], send: auto }
  - { kind: slack, label: Slack, with: { api: '${base}/slack/api', token: secret:token, channel: '#ops' }, on: [break-glass], send: auto }
`;
await secrets.keep('token', credentials.token);
const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
const engine = await createEngine({ dataDir, version: '0', runbooks, log: quiet, backing: false, secrets });
const caller = {
  id: 'bench',
  grant: 'operate' as const,
  via: 'desk' as const,
  operator: () => ({ name: 'Bo', role: null }),
  identify: () => undefined,
};
const client: Client = createRouterClient(engine.router, { context: { caller, log: quiet } });
if (engine.rooms.all().length === 0)
  await client.runs.start({
    runbook: { name: 'release.md', text: '# Release\n## Phase 1: Before\n- [ ] Look\n' },
    target: { name: 'shop.yaml', text: target },
    release: '1.2.3',
    plannedT0: null,
  });
const room = engine.rooms.all()[0];
process.stdout.write('ready\n');
process.once('SIGTERM', () => void engine.close().then(() => process.exit(0)));

for (let n = 0; mode === 'work' && room !== undefined; n += 1) {
  const gate = `${life}.${n}`;
  room.append(bo, [
    {
      type: 'gate-voted',
      body: { gate, title: `Gate ${gate}.`, role: 'DBA', go: false, reason: 'the replica lags behind' },
    },
    ...(n === 0
      ? ([
          {
            type: 'rollback-authorised',
            body: { rollback: gate, how: 'break-glass', lead: null, reason: `the lead is away in life ${life}.` },
          },
        ] as const)
      : []),
  ]);
  process.stdout.write(`${gate}\n`);
  await sleep(8);
}
setInterval(() => undefined, 1_000);

import { afterAll, expect, test } from 'vitest';
import { stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { serveJson, toolTrouble } from './fixtures/tool-trouble.ts';
import { statuspageProbe } from './statuspage.ts';

afterAll(stopServers);

const page = (indicator: string, api: string) => ({
  '/api/v2/summary.json': {
    status: { indicator, description: indicator === 'none' ? 'All Systems Operational' : 'Partial Outage' },
    components: [
      { name: 'API', status: api },
      { name: 'Mail', status: 'operational' },
      { name: 'Group', status: 'major_outage', group: true },
    ],
    incidents: indicator === 'none' ? [] : [{ name: 'Slow', status: 'investigating' }],
  },
});

test('operational, degraded, and only the components that matter', async () => {
  const good = await serveJson(page('none', 'operational'));
  expect((await runProbe(statuspageProbe, { url: good.url })).answer).toMatchObject({
    verdict: 'up',
    values: { degraded: 0, incidents: 0 },
  });
  const bad = await serveJson(page('major', 'partial_outage'));
  expect((await runProbe(statuspageProbe, { url: `${bad.url}/` })).answer).toMatchObject({
    verdict: 'down',
    reason: 'degraded',
    values: { degraded: 1, incidents: 1 },
    sentence: 'The status page says "Partial Outage" (API: partial outage).',
  });
  expect((await runProbe(statuspageProbe, { url: bad.url, components: ['Mail'] })).answer.verdict).toBe('up');
  await expect(runProbe(statuspageProbe, { url: bad.url, components: ['Nothing'] })).rejects.toMatchObject({
    reason: 'not-found',
  });
});

test('a maintenance that the team announced is told, and no outage', async () => {
  const { url } = await serveJson(page('maintenance', 'under_maintenance'));
  expect((await runProbe(statuspageProbe, { url })).answer).toMatchObject({
    verdict: 'up',
    values: { degraded: 0, maintenance: 1 },
    sentence: 'The status page says that 1 component is operational and 1 under announced maintenance.',
  });
});

toolTrouble(statuspageProbe, (url) => ({ url }));

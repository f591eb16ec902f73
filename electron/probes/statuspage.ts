import { z } from 'zod';
import { formatCount } from '../../shared/format.ts';
import { askJson } from './api.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';

const params = z.strictObject({
  url: z.string().min(1).describe('The address of the status page'),
  components: z.array(z.string()).optional().describe('Only these components; all if left out'),
  ca: z.string().optional(),
});

/** The parts of Statuspage's public summary that are looked at. */
const summarySchema = z.object({
  status: z.object({ indicator: z.string(), description: z.string() }),
  components: z.array(z.object({ name: z.string(), status: z.string(), group: z.boolean().nullish() })).default([]),
  incidents: z.array(z.object({ name: z.string(), status: z.string() })).default([]),
});

export const statuspageProbe = defineProbe({
  kind: 'statuspage',
  summary: 'What a public status page says of its components and incidents',
  params,
  series: () => [
    { name: 'degraded', unit: '', label: 'Components that are not operational' },
    { name: 'maintenance', unit: '', label: 'Components under announced maintenance' },
    { name: 'incidents', unit: '', label: 'Open incidents' },
  ],
  open: (own) => ({
    run: async (context) => {
      const parsed = summarySchema.safeParse(
        await askJson(
          { tool: 'The status page', url: `${own.url.replace(/\/+$/, '')}/api/v2/summary.json`, ca: own.ca },
          context,
        ),
      );
      if (!parsed.success)
        throw new ProbeUnknown('not-understood', 'The status page has no summary of the usual form.');
      const { status, incidents } = parsed.data;
      const components = parsed.data.components.filter(
        (one) => one.group !== true && (own.components === undefined || own.components.includes(one.name)),
      );
      const missing = (own.components ?? []).filter((name) => !components.some((one) => one.name === name));
      if (missing.length > 0)
        throw new ProbeUnknown(
          'not-found',
          `The status page has no component ${missing.map((name) => `"${name}"`).join(', ')}; look at the names in the target.`,
        );
      // A maintenance is announced by the team itself, often for the very deployment: it is told, and no outage.
      const inMaintenance = components.filter((one) => one.status === 'under_maintenance');
      const degraded = components.filter((one) => one.status !== 'operational' && !inMaintenance.includes(one));
      const values = { degraded: degraded.length, maintenance: inMaintenance.length, incidents: incidents.length };
      const facts = {
        indicator: status.indicator,
        description: masked(status.description, [], 200),
        incidents: masked(incidents.map((one) => `${one.name} (${one.status})`).join('; '), [], 1_000),
      };
      const bad =
        degraded.length > 0 || (own.components === undefined && !['none', 'maintenance'].includes(status.indicator));
      if (bad) {
        const which = degraded.map((one) => `${one.name}: ${one.status.replaceAll('_', ' ')}`).join('; ');
        return down(
          {
            reason: 'degraded',
            sentence: `The status page says "${facts.description}"${which === '' ? '' : ` (${masked(which, [], 300)})`}.`,
          },
          { values, facts },
        );
      }
      return {
        verdict: 'up',
        reason: 'ok',
        sentence: `The status page says that ${formatCount(components.length - inMaintenance.length, 'component is', 'components are')} operational${inMaintenance.length === 0 ? '' : ` and ${inMaintenance.length} under announced maintenance`}.`,
        values,
        facts,
      };
    },
    close: () => {},
  }),
});

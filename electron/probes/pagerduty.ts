import { z } from 'zod';
import { askJson } from './api.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';

const params = z.strictObject({
  token: z.string().min(1).describe('A read-only API token, as secret:NAME'),
  policy: z.string().min(1).describe('The id of the escalation policy, such as PABC123'),
  levels: z.number().int().min(1).max(10).default(1).describe('How many levels must have someone on call'),
  url: z.string().default('https://api.pagerduty.com'),
  ca: z.string().optional(),
});

const answerSchema = z.object({
  oncalls: z.array(
    z.object({
      escalation_level: z.number(),
      user: z.object({ summary: z.string() }).nullish(),
      end: z.string().nullish(),
    }),
  ),
});

export const pagerdutyProbe = defineProbe({
  kind: 'pagerduty',
  summary: 'Who is on call now, level by level, in PagerDuty',
  params,
  series: () => [{ name: 'levels', unit: '', label: 'Levels with someone on call' }],
  open: (own) => ({
    run: async (context) => {
      const url = `${own.url.replace(/\/+$/, '')}/oncalls?escalation_policy_ids%5B%5D=${encodeURIComponent(own.policy)}&limit=100`;
      const headers = { authorization: `Token token=${own.token}`, accept: 'application/vnd.pagerduty+json;version=2' };
      const parsed = answerSchema.safeParse(
        await askJson({ tool: 'PagerDuty', url, headers, ca: own.ca, secrets: [own.token, own.policy] }, context),
      );
      if (!parsed.success)
        throw new ProbeUnknown('not-understood', 'PagerDuty answers in a form that is not known here.');
      const byLevel = new Map<number, string[]>();
      for (const { escalation_level: level, user } of parsed.data.oncalls) {
        const name = user?.summary;
        if (name !== undefined && !(byLevel.get(level) ?? []).includes(name))
          byLevel.set(level, [...(byLevel.get(level) ?? []), masked(name, [], 80)]);
      }
      const levels = [...byLevel].sort(([a], [b]) => a - b);
      const facts = Object.fromEntries(levels.map(([level, names]) => [`level${level}`, names.join(', ')]));
      const values = { levels: levels.length };
      const empty = Array.from({ length: own.levels }, (_, at) => at + 1).find((level) => !byLevel.has(level));
      if (empty !== undefined)
        return down({ reason: 'nobody-on-call', sentence: `Nobody is on call at level ${empty}.` }, { values, facts });
      return {
        verdict: 'up',
        reason: 'ok',
        sentence: `On call: ${levels.map(([level, names]) => `${names.join(', ')} (level ${level})`).join('; ')}.`,
        values,
        facts,
      };
    },
    close: () => {},
  }),
});

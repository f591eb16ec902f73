import { z } from 'zod';
import { askJson } from './api.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { ProbeContext } from './probe.ts';

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
  more: z.boolean().nullish(),
});
type OnCall = z.output<typeof answerSchema>['oncalls'][number];

const page = 100;
const mostPages = 5;

/** Everybody who is on call, page by page: a level that stands on a page not read would look like one without anybody. */
const onCallNow = async (own: z.output<typeof params>, context: ProbeContext): Promise<readonly OnCall[]> => {
  const url = `${own.url.replace(/\/+$/, '')}/oncalls?escalation_policy_ids%5B%5D=${encodeURIComponent(own.policy)}&limit=${page}`;
  const headers = { authorization: `Token token=${own.token}`, accept: 'application/vnd.pagerduty+json;version=2' };
  const all: OnCall[] = [];
  for (let at = 0; at < mostPages; at++) {
    const call = { tool: 'PagerDuty', url: `${url}&offset=${at * page}`, headers, ca: own.ca };
    const parsed = answerSchema.safeParse(await askJson({ ...call, secrets: [own.token, own.policy] }, context));
    if (!parsed.success)
      throw new ProbeUnknown('not-understood', 'PagerDuty answers in a form that is not known here.');
    all.push(...parsed.data.oncalls);
    if (parsed.data.more !== true) return all;
  }
  throw new ProbeUnknown(
    'too-many',
    `PagerDuty has more than ${mostPages * page} people on call; not all can be read.`,
  );
};

export const pagerdutyProbe = defineProbe({
  kind: 'pagerduty',
  summary: 'Who is on call now, level by level, in PagerDuty',
  params,
  series: () => [{ name: 'levels', unit: '', label: 'Levels with someone on call' }],
  open: (own) => ({
    run: async (context) => {
      const byLevel = new Map<number, string[]>();
      for (const { escalation_level: level, user } of await onCallNow(own, context)) {
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

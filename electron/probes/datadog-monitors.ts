import { z } from 'zod';
import { formatCount } from '../../shared/format.ts';
import { refuse } from './api.ts';
import { isMuted, mutedAnew, mutingSchema } from './datadog-downtimes.ts';
import { askDatadog } from './datadog-queries.ts';
import type { Datadog } from './datadog-queries.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext } from './probe.ts';

const monitorAnswer = z.array(
  mutingSchema.extend({
    name: z.string(),
    overall_state: z.string().nullish(),
    tags: z.array(z.string()).default([]),
  }),
);
type Monitor = z.output<typeof monitorAnswer>[number];

const pageSize = 100;
const mostPages = 5;

/** Every monitor that carries all of the tags. Datadog narrows the list; that all tags are there is looked at here. */
const monitorsWith = async (from: Datadog, tags: readonly string[], context: ProbeContext): Promise<Monitor[]> => {
  const all: Monitor[] = [];
  for (let page = 0; page < mostPages; page++) {
    const wanted = encodeURIComponent(tags.join(','));
    const path = `/api/v1/monitor?monitor_tags=${wanted}&with_downtimes=true&page=${page}&page_size=${pageSize}`;
    const answer = await askDatadog(from, path, context);
    if (answer.status !== 200) return refuse('Datadog', answer);
    const parsed = monitorAnswer.safeParse(answer.json);
    if (!parsed.success) throw new ProbeUnknown('not-understood', 'Datadog answers in a form that is not known here.');
    all.push(...parsed.data.filter((one) => tags.every((tag) => one.tags.includes(tag))));
    if (parsed.data.length < pageSize) return all;
  }
  throw new ProbeUnknown('too-many', `Datadog has more than ${pageSize * mostPages} such monitors; name more tags.`);
};

export const monitorSeries = [
  { name: 'monitors', unit: '', label: 'Monitors' },
  { name: 'muted', unit: '', label: 'Muted monitors, which are not judged' },
  { name: 'alerting', unit: '', label: 'Monitors that alert' },
  { name: 'warning', unit: '', label: 'Monitors that warn' },
  { name: 'noData', unit: '', label: 'Monitors without data' },
] as const;

/**
 * The monitors with these tags: down where there are fewer than there must be, unknown where none of them can be judged.
 * That one alerts is a number, for a limit to judge: a monitor that alerts is there and works.
 */
export const lookAtMonitors = async (
  from: Datadog,
  { tags, atLeast }: { readonly tags: readonly string[]; readonly atLeast: number },
  context: ProbeContext,
): Promise<Answer> => {
  const all = await monitorsWith(from, tags, context);
  const loud = all.filter((one) => !isMuted(one, context.now()));
  const anew = await mutedAnew(from, loud, context);
  const judged = loud.filter((one) => !anew.muted.has(one));
  const muted = all.filter((one) => !judged.includes(one));
  const inState = (...states: string[]): Monitor[] =>
    judged.filter(({ overall_state: state }) => states.includes(state ?? 'No Data'));
  const [alerting, warning, ok] = [inState('Alert'), inState('Warn'), inState('OK')];
  const silent = judged.length - alerting.length - warning.length - ok.length;
  const values = {
    monitors: all.length,
    muted: muted.length,
    alerting: alerting.length,
    warning: warning.length,
    noData: silent,
  };
  const list = (of: readonly Monitor[]): string => masked(of.map(({ name }) => name).join('; '), [], 1_000);
  const facts = {
    ...(alerting.length > 0 ? { alerting: list(alerting) } : {}),
    ...(muted.length > 0 ? { muted: list(muted) } : {}),
    ...(anew.untold === null ? {} : { cannotTell: anew.untold }),
  };
  if (all.length < atLeast) {
    const sentence =
      all.length === 0
        ? `No monitor of Datadog carries ${tags.join(' and ')}.`
        : `Only ${formatCount(all.length, 'monitor')} of Datadog instead of ${atLeast} carry ${tags.join(' and ')}.`;
    return down({ reason: 'no-monitors', sentence }, { values, facts });
  }
  if (judged.length === 0)
    throw new ProbeUnknown('muted', `${formatCount(all.length, 'monitor')} found, but muted: not judged.`);
  if (judged.length === silent)
    throw new ProbeUnknown('no-data', `${formatCount(silent, 'monitor')} found, but without data: nothing is watched.`);
  const parts = [
    `${alerting.length} alerting`,
    `${warning.length} warning`,
    `${silent} without data`,
    ...(muted.length > 0 ? [`${muted.length} muted and not judged`] : []),
  ];
  const untold = anew.untold === null ? '' : ` Not told: ${anew.untold}.`;
  const sentence = `${formatCount(judged.length, 'monitor')} judged: ${parts.join(', ')}.${untold}`;
  return { verdict: 'up', reason: 'ok', sentence, values, facts };
};

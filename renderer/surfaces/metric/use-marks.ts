import type { TimelineEntry } from '../../../shared/projections/timeline.ts';
import type { Mark } from '../../parts/mark-rows.ts';
import { useRun } from '../room/room-context.tsx';
import type { Range } from './range.ts';

/** More words than this would lie over each other; the list below the chart holds all of them. */
const mostLabelled = 8;

/** The words before the first colon, without what is clear from the line itself. */
const short = (text: string): string => {
  const words = (text.split(':')[0] ?? text).replace(/ by the room at T-0$/u, '');
  return words.length > 24 ? `${words.slice(0, 23)}…` : words;
};

/** What people decided, or the room did, that a bend in the curve may come from. */
const fromTimeline = ({ at, text, topic, tone }: TimelineEntry, label: string): Mark | null => {
  if (topic === 'practice')
    return { at, label: text.replace(/^Practice fault (on|off): (.+)$/u, '$2 $1'), tone: 'fail' };
  if (topic === 'alarm' && text.includes(label))
    return { at, label: text, tone: tone === 'fail' || tone === 'warn' ? 'fail' : 'none' };
  if (topic === 'rollback' && /^(?:Rollback proposed|Confirmed|Rolled back|Deployed|Aborted)/u.test(text))
    return { at, label: text, tone: 'run' };
  if (topic === 'clock' && /^(?:Gate |Verdict|Baseline taken|.* says no-go)/u.test(text))
    return { at, label: text, tone: 'run' };
  return null;
};

/** T-0, rounds, alarms of this metric, decisions and practice faults of that stretch, in time order. */
export const useMarks = ({ from, to }: Range, label: string): readonly Mark[] => {
  const t0 = useRun(({ room }) => room.t0?.at ?? null);
  const timeline = useRun((view) => view.timeline);
  const rounds = useRun((view) => view.rounds);
  const start: readonly Mark[] = t0 === null ? [] : [{ at: t0, label: 'T-0', tone: 'run' }];
  const taken = [...rounds.values()].map(({ at, state }): Mark => ({
    at,
    label: `Round ${state}`,
    tone: 'none',
    quiet: true,
  }));
  const said = timeline.flatMap((entry) => fromTimeline(entry, label) ?? []);
  const all = [...start, ...taken, ...said].filter(({ at }) => at >= from && at <= to).toSorted((a, b) => a.at - b.at);
  const loud = all.filter(({ quiet }) => quiet !== true);
  const unlabelled = new Set(loud.slice(0, Math.max(0, loud.length - mostLabelled)));
  return all.map((mark) => ({
    ...mark,
    label: short(mark.label),
    said: mark.label,
    ...(unlabelled.has(mark) ? { quiet: true } : {}),
  }));
};

import type { RecordedEvent } from '../events.ts';
import type { TimelineEntry } from '../projections/timeline.ts';

type Line = Pick<TimelineEntry, 'tone' | 'text' | 'detail'>;

/** The timeline's words for baselines and verdicts; null for every other event. */
export const verdictLine = (event: RecordedEvent): Line | null => {
  switch (event.type) {
    case 'baseline-taken':
      return {
        tone: 'note',
        text: `Baseline taken${event.body.automatic ? ' by the room at T-0' : ''}: ${event.body.metrics.filter(({ n }) => n > 0).length} of ${event.body.metrics.length} metrics`,
        detail: event.body.warnings.length === 0 ? null : event.body.warnings.join('; '),
      };
    case 'baseline-pictured':
      return {
        tone: 'note',
        text: `Picture of the room kept with the baseline (${event.body.width} × ${event.body.height})`,
        detail: `SHA-256 ${event.body.sha256}`,
      };
    case 'verdict-given':
      return {
        tone: 'clock',
        text: `Verdict${event.body.gate === undefined ? '' : ` at ${event.body.gate.title}`}: ${event.body.recommendation?.replace('-', ' ') ?? 'not enough data'}`,
        detail: event.body.reasons[0]?.split(/\. (?=[A-Z0-9])/u)[0] ?? null,
      };
    default:
      return null;
  }
};

import type { RecordedEvent } from '../events.ts';
import { formatCount, formatSpan } from '../format.ts';
import { worst } from '../health.ts';
import type { TimelineEntry } from './timeline.ts';

type Line = Pick<TimelineEntry, 'tone' | 'topic' | 'text'> & Partial<Pick<TimelineEntry, 'detail' | 'item'>>;

const missed = { asleep: 'nobody was awake', closed: 'the app was closed', before: 'T-0 was set later' } as const;

const roundLine = (event: RecordedEvent): Line | null => {
  switch (event.type) {
    case 'round-captured': {
      const { title, readings, left } = event.body;
      const asked = left.length === 0 ? '' : `, ${left.length} for people`;
      return {
        tone: readings.length === 0 ? 'open' : worst(readings.map(({ state }) => state)),
        topic: 'clock',
        text: `Round ${title}: ${formatCount(readings.length, 'reading')} taken${asked}`,
        detail: readings
          .filter(({ state }) => state === 'fail' || state === 'warn')
          .map(({ sentence }) => sentence)
          .join(' '),
      };
    }
    case 'round-missed':
      return {
        tone: 'stale',
        topic: 'clock',
        text: `Round ${event.body.title} missed: ${missed[event.body.why]}`,
        detail: `Noticed ${formatSpan(event.body.latenessMs)} late.`,
      };
    case 'round-answered':
      return { tone: event.body.fine ? 'done' : 'fail', topic: 'clock', text: `Reading given: ${event.body.value}` };
    default:
      return null;
  }
};

const verbs = { go: 'go', keep: 'keep', rollback: 'roll back', extend: 'extended' } as const;

const gateLine = (event: RecordedEvent): Line | null => {
  switch (event.type) {
    case 'gate-voted': {
      const { title, role, go, reason } = event.body;
      return {
        tone: go ? 'done' : 'fail',
        topic: 'clock',
        text: `${role} says ${go ? 'go' : 'no-go'}: ${title}`,
        detail: reason,
      };
    }
    case 'gate-decided': {
      const { title, decision, reason } = event.body;
      const well = decision === 'go' || decision === 'keep';
      return { tone: well ? 'ok' : 'warn', topic: 'clock', text: `Gate ${title}: ${verbs[decision]}`, detail: reason };
    }
    case 'gate-bypass-asked':
      return {
        tone: 'warn',
        topic: 'clock',
        text: `Bypass asked for: ${event.body.title}`,
        detail: event.body.reason,
      };
    case 'gate-bypassed': {
      const { title, first, reason } = event.body;
      return { tone: 'overridden', topic: 'clock', text: `Gate ${title} bypassed, with ${first}`, detail: reason };
    }
    default:
      return null;
  }
};

/** The timeline's line for what the clock brought about or people decided by it. */
export const clockLine = (event: RecordedEvent): Line | null => {
  switch (event.type) {
    case 'speed-set':
      return { tone: 'clock', topic: 'practice', text: `Practice goes at ${event.body.speed}× speed` };
    case 'once-held':
      return {
        tone: 'stale',
        topic: 'clock',
        text: `Not sent: ${event.body.probe}. It came due while nobody was there; ask it by hand`,
        detail: `${formatSpan(event.body.latenessMs)} late.`,
      };
    case 'handover-offered':
      return {
        tone: 'person',
        topic: 'run',
        text: `Shift offered to ${event.body.to}: ${event.body.open} open, next ${event.body.next}`,
        detail: event.body.note,
      };
    case 'handover-accepted':
      return { tone: 'person', topic: 'run', text: `Shift taken over from ${event.body.from}` };
    default:
      return roundLine(event) ?? gateLine(event);
  }
};

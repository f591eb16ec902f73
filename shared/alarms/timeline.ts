import type { RecordedEvent } from '../events.ts';
import { formatCount } from '../format.ts';

/** The timeline's words for what happens to alarms; null for other events. */
export type AlarmLine = {
  readonly tone: 'fail' | 'warn' | 'unknown' | 'ok' | 'shaky' | 'note' | 'person' | 'deferred';
  readonly text: string;
  readonly detail?: string | null;
};

type AlarmEvent = Extract<RecordedEvent, { readonly body: { readonly alarm: string } }>;

const minutes = (ms: number): string => `${Math.max(1, Math.round(ms / 60_000))} min`;

const ofOne = (event: AlarmEvent): AlarmLine => {
  const name = event.body.label;
  switch (event.type) {
    case 'alarm-raised': {
      const { priority, todo, owner, cause, because = cause } = event.body;
      const text =
        cause === null ? `Alarm, ${priority}: ${name}` : `Alarm, ${priority}: ${name}, explained by ${because}`;
      return { tone: priority === 'low' ? 'warn' : 'fail', text, detail: `${owner}: ${todo}` };
    }
    case 'alarm-unjudged': {
      const { todo, owner, cause, because = cause } = event.body;
      const text = `Cannot be judged: ${name}${cause === null ? '' : `, explained by ${because}`}`;
      return { tone: 'unknown', text, detail: `${owner}: ${todo}` };
    }
    case 'alarm-returned':
      return { tone: 'fail', text: `Alarm back: ${name}`, detail: event.body.sentence };
    case 'alarm-worsened':
      return { tone: 'fail', text: `Alarm worse, now ${event.body.priority}: ${name}`, detail: event.body.sentence };
    case 'alarm-chattering':
      return {
        tone: 'shaky',
        text: `Flapping: ${name} failed ${event.body.flaps} times in 5 min; one alarm, silent`,
      };
    case 'alarm-steadied':
      return { tone: 'note', text: `Alarm no longer flapping: ${name}` };
    case 'alarm-surfaced':
      return { tone: 'fail', text: `Alarm stands for itself now: ${name}` };
    case 'alarm-cleared':
      return { tone: 'ok', text: `Alarm over: ${name}`, detail: event.body.sentence };
    case 'alarm-acknowledged':
      return { tone: 'person', text: `Alarm acknowledged: ${name}` };
    case 'alarm-shelved':
      return {
        tone: 'deferred',
        text: `Alarm shelved for ${minutes(event.body.until - event.at)}: ${name}`,
        detail: event.body.reason,
      };
    case 'alarm-unshelved':
      return { tone: 'note', text: `Alarm off the shelf: ${name}` };
  }
};

export const alarmLine = (event: RecordedEvent): AlarmLine | null => {
  switch (event.type) {
    case 'alarm-flood-started':
      return {
        tone: 'fail',
        text: `Alarm flood: ${formatCount(event.body.count, 'new alarm')} in 10 min; shown as groups`,
      };
    case 'alarm-flood-ended':
      return { tone: 'ok', text: 'Alarm flood over' };
    default:
      return 'alarm' in event.body ? ofOne(event as AlarmEvent) : null;
  }
};

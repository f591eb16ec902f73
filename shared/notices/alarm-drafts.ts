import type { RecordedEvent } from '../events.ts';
import { formatCount } from '../format.ts';
import { alarmOf } from '../projections/alarms.ts';
import type { Said } from './model.ts';
import type { NoticeRun } from './run.ts';

type AlarmEvent = Extract<RecordedEvent, { readonly body: { readonly alarm: string } }>;

const tones = { high: 'critical', medium: 'warning', low: 'info' } as const;

/** In a flood one message tells of it, and only what is urgent is told besides. */
const drowned = ({ alarms }: NoticeRun, priority: keyof typeof tones): boolean =>
  alarms.flood !== null && priority !== 'high';

const ofOne = (event: AlarmEvent, run: NoticeRun): Said | null => {
  const { alarm, label } = event.body;
  const found = alarmOf(run.alarms, alarm);
  // What another alarm explains is told with that one.
  if (found === null || found.cause !== null) return null;
  const service = run.head.started?.service ?? '';
  const subject = `alarm/${alarm}`;
  const raised = (text: string): Said | null =>
    drowned(run, found.priority)
      ? null
      : {
          occasion: 'alarm',
          verb: 'raise',
          tone: tones[found.priority],
          subject,
          title: `${found.unjudged ? 'CANNOT BE JUDGED' : `ALARM, ${found.priority}`}: ${label} (${service})`,
          text: `${text} What to do: ${found.todo.replace(/[.\s]+$/v, '')}. Who acts: ${found.owner}.`,
        };
  switch (event.type) {
    case 'alarm-raised':
    case 'alarm-unjudged':
    case 'alarm-returned':
    case 'alarm-worsened':
      return raised(event.body.sentence);
    case 'alarm-surfaced':
      return raised(found.sentence);
    case 'alarm-acknowledged':
      return {
        occasion: 'alarm-acknowledged',
        verb: 'acknowledge',
        subject,
        title: `Acknowledged: ${label} (${service})`,
        text: event.by.kind === 'person' ? `By ${event.by.name}.` : '',
      };
    case 'alarm-cleared':
      return {
        occasion: 'alarm-cleared',
        verb: 'resolve',
        tone: 'good',
        subject,
        title: `Cleared: ${label} (${service})`,
        text: event.body.sentence,
      };
    default:
      return null;
  }
};

export const ofAlarms = (event: RecordedEvent, run: NoticeRun): readonly Said[] => {
  const service = run.head.started?.service ?? '';
  switch (event.type) {
    case 'alarm-flood-started':
      return [
        {
          occasion: 'alarm',
          verb: 'raise',
          tone: 'critical',
          subject: 'alarm-flood',
          title: `ALARM FLOOD: ${formatCount(event.body.count, 'new alarm')} in ten minutes (${service})`,
          text: 'Look at the room; until it ends only alarms of high priority are told one by one.',
        },
      ];
    case 'alarm-flood-ended':
      return [
        {
          occasion: 'alarm-cleared',
          verb: 'resolve',
          subject: 'alarm-flood',
          title: `The alarm flood is over (${service})`,
          text: '',
        },
      ];
    default: {
      const said = 'alarm' in event.body ? ofOne(event as AlarmEvent, run) : null;
      return said === null ? [] : [said];
    }
  }
};

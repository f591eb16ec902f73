import type { EventBody, RecordedEvent } from '../events.ts';
import { formatCount } from '../format.ts';
import { moveCounts } from '../move/timeline.ts';
import { actorName } from '../projections/timeline.ts';
import type { Said } from './model.ts';
import { deployed } from './run.ts';
import type { NoticeRun } from './run.ts';

const stages = { authorise: 'leave to deploy', interim: 'sign-off', closing: 'closing sign-off' } as const;

const offered = ({ to, open, next, note }: EventBody<'handover-offered'>): string =>
  `${to} takes it by accepting it in the room. Open: ${formatCount(open, 'item')}. Next: ${next}.${note === '' ? '' : ` Note: ${note}`}`;

/** What people say of themselves and decide about the run: who has the shift, which version is followed, who signed. */
export const ofPeople = (event: RecordedEvent, run: NoticeRun): readonly Said[] => {
  const of = deployed(run);
  switch (event.type) {
    case 'handover-offered':
      return [
        {
          occasion: 'handover',
          subject: 'shift',
          title: `${actorName(event.by)} hands the shift over to ${event.body.to}: ${of}`,
          text: offered(event.body),
        },
      ];
    case 'handover-accepted':
      return [
        {
          occasion: 'handover',
          tone: 'good',
          subject: 'shift',
          title: `${actorName(event.by)} has the shift now: ${of}`,
          text: `Taken over from ${event.body.from}.`,
        },
      ];
    case 'runbook-moved':
      return [
        {
          occasion: 'runbook-moved',
          tone: 'warning',
          subject: 'runbook',
          title: `${of} goes on with another version of its checklist`,
          text: `${[event.body.to.name, ...moveCounts(event.body)].join(', ')}. ${actorName(event.by)}: ${event.body.reason}`,
        },
      ];
    case 'sign-off-signed': {
      const { stage, role, name } = event.body;
      return [
        {
          occasion: 'sign-off',
          tone: 'good',
          subject: 'sign-off',
          title: `${role} signed the ${stages[stage]} of ${of}`,
          text: `Signed as ${name}.`,
        },
      ];
    }
    default:
      return [];
  }
};

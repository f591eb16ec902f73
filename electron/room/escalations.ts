import { unanswered } from '../../shared/escalation/alarms.ts';
import { stepped } from '../../shared/escalation/keep.ts';
import type { PeopleOf } from '../../shared/escalation/keep.ts';
import { escalationPath, stepsFrom } from '../../shared/escalation/path.ts';
import { peopleBehind } from '../../shared/escalation/people.ts';
import type { RunContext } from '../../shared/contract.ts';
import type { EventBody, NewEvent } from '../../shared/events.ts';
import { openEscalations } from '../../shared/projections/escalations.ts';
import type { Contacts } from '../store/contacts.ts';
import type { RunState } from './state.ts';

/** Who stands behind the roles of a run. */
export type RoomPeople = (context: Pick<RunContext, 'target'>) => PeopleOf;

type Start = Pick<EventBody<'escalation-started'>, 'subject' | 'from'> & { readonly critical: boolean };

export const roomPeople =
  (contacts: Contacts): RoomPeople =>
  ({ target }) =>
  (role) =>
    peopleBehind(contacts.all(), target, role).map(({ name }) => name);

type Sight = {
  readonly context: Pick<RunContext, 'runbook' | 'target'>;
  readonly state: Pick<RunState, 'escalations' | 'alarms' | 'head'>;
  /** Run time. */
  readonly now: number;
  readonly peopleOf: PeopleOf;
};

/** What begins the document's escalation path now: its first step is asked at once. */
export const beginEscalation = (
  { context, state, now, peopleOf }: Sight,
  { subject, from, critical }: Start,
): { readonly escalation: string; readonly events: readonly NewEvent[] } => {
  const escalation = `E${state.escalations().length + 1}`;
  const steps = stepsFrom(escalationPath(context.runbook, critical), now);
  return {
    escalation,
    events: [
      { type: 'escalation-started', body: { escalation, subject, from, steps } },
      ...stepped({ id: escalation, steps }, 0, now, 'time', peopleOf),
    ],
  };
};

/** Where the target wants it so, an urgent alarm that nobody acknowledges calls people by itself; one path at a time. */
export const calledByAlarms = (sight: Sight): readonly NewEvent[] => {
  const { context, state, now } = sight;
  if (context.target.escalation.alarms !== 'start') return [];
  const escalations = state.escalations();
  if (openEscalations(escalations).some(({ from }) => from.kind === 'alarm')) return [];
  const [first] = unanswered(state.alarms(), escalations, context.target, state.head().clock, now);
  if (first === undefined) return [];
  const from = { kind: 'alarm', id: first.alarm } as const;
  return beginEscalation(sight, { subject: `${first.label}: ${first.sentence}`, from, critical: true }).events;
};

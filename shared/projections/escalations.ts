import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { Projection } from '../projection.ts';

export type Said = { readonly at: number; readonly by: Actor };

export type Escalation = {
  readonly id: string;
  readonly subject: string;
  readonly from: EventBody<'escalation-started'>['from'];
  readonly startedAt: number;
  readonly by: Actor;
  /** With the moments as they stand after every postponement. */
  readonly steps: EventBody<'escalation-started'>['steps'];
  /** The step whose turn it is, and how it came. */
  readonly at: number;
  readonly stepped: (EventBody<'escalation-stepped'> & { readonly at: number }) | null;
  /** Who is on it at this step; not resolved by that. */
  readonly acknowledged: Said | null;
  /** How often this step has asked again. */
  readonly asked: number;
  /** When it asks again, in run time. */
  readonly askAt: number | null;
  readonly resolved: (Said & { readonly sentence: string }) | null;
};

export type Escalations = readonly Escalation[];

type EscalationEvent = Extract<RecordedEvent, { readonly body: { readonly escalation: string } }>;

const changed = (escalation: Escalation, event: EscalationEvent): Escalation => {
  const said: Said = { at: event.at, by: event.by };
  switch (event.type) {
    case 'escalation-started':
      return escalation;
    case 'escalation-stepped':
      return {
        ...escalation,
        at: event.body.step,
        stepped: { ...event.body, at: event.at },
        acknowledged: null,
        asked: 0,
        askAt: event.body.askAt,
      };
    case 'escalation-asked':
      return { ...escalation, asked: escalation.asked + 1, askAt: event.body.askAt };
    case 'escalation-acknowledged':
      return { ...escalation, acknowledged: said, askAt: event.body.askAt };
    case 'escalation-postponed': {
      const { byMs } = event.body;
      const steps = escalation.steps.map((step, at) =>
        at > escalation.at ? { ...step, dueAt: step.dueAt + byMs } : step,
      );
      return { ...escalation, steps };
    }
    case 'escalation-resolved':
      return { ...escalation, askAt: null, resolved: { ...said, sentence: event.body.sentence } };
  }
};

const started = (event: Extract<EscalationEvent, { type: 'escalation-started' }>): Escalation => ({
  id: event.body.escalation,
  subject: event.body.subject,
  from: event.body.from,
  startedAt: event.at,
  by: event.by,
  steps: event.body.steps,
  at: 0,
  stepped: null,
  acknowledged: null,
  asked: 0,
  askAt: null,
  resolved: null,
});

const isOurs = (event: RecordedEvent): event is EscalationEvent => 'escalation' in event.body;

export const escalationsProjection: Projection<unknown, Escalations> = {
  init: () => [],
  apply: (escalations, event) => {
    if (!isOurs(event)) return escalations;
    if (event.type === 'escalation-started')
      return escalations.some(({ id }) => id === event.body.escalation)
        ? escalations
        : [...escalations, started(event)];
    return escalations.map((one) => (one.id === event.body.escalation ? changed(one, event) : one));
  },
};

export const openEscalations = (escalations: Escalations): Escalations =>
  escalations.filter(({ resolved }) => resolved === null);

import type { RecordedEvent } from '../events.ts';

/** The timeline's words for what happens to a rollback or a deployment; null for other events. */
export type RollbackLine = {
  readonly tone: 'running' | 'done' | 'fail' | 'unknown' | 'warn' | 'note' | 'person' | 'pending';
  readonly text: string;
  readonly detail?: string | null;
};

const authorised = { 'in-person': 'in person', code: 'by a one-time code', 'break-glass': 'BREAK-GLASS' } as const;

const beforeLine = (event: RecordedEvent): RollbackLine | null => {
  switch (event.type) {
    case 'cluster-pinned':
      return {
        tone: 'note',
        text: `Cluster pinned: ${event.body.context}, namespace ${event.body.namespace}`,
        detail: event.body.identity,
      };
    case 'rollback-proposed': {
      const { purpose, from, to, reason } = event.body;
      return purpose === 'rollback'
        ? { tone: 'fail', text: `Rollback proposed: ${from} → ${to}`, detail: reason }
        : { tone: 'note', text: `Deployment proposed: ${to}`, detail: reason };
    }
    case 'rollback-preflighted': {
      const failed = event.body.checks.filter(({ state }) => state === 'fail');
      return event.body.passed
        ? { tone: 'done', text: `Preflight: ${event.body.checks.length} checks, none failed` }
        : { tone: 'fail', text: `Preflight stopped it: ${failed.map(({ label }) => label).join(', ')}` };
    }
    case 'rollback-authorised':
      return event.body.how === 'break-glass'
        ? { tone: 'fail', text: 'Break-glass: authorised without the lead', detail: event.body.reason }
        : { tone: 'person', text: `Authorised by ${event.body.lead ?? ''} ${authorised[event.body.how]}` };
    case 'rollback-armed':
      return { tone: 'warn', text: 'Armed' };
    case 'rollback-disarmed':
      return { tone: 'note', text: `Disarmed: ${event.body.why}` };
    case 'rollback-confirmed':
      return { tone: 'running', text: `Confirmed as ${event.body.typed}: running` };
    default:
      return null;
  }
};

const ended = { done: 'done', failed: 'fail', unknown: 'unknown' } as const;
const marked = { done: 'done', 'not-done': 'not done', repeat: 'to be repeated' } as const;

const stepLine = (event: RecordedEvent): RollbackLine | null => {
  switch (event.type) {
    case 'step-started':
      return { tone: 'running', text: `Step ${event.body.step} started`, detail: event.body.argv?.join(' ') ?? null };
    case 'step-ended': {
      const { step, outcome, sentence } = event.body;
      return {
        tone: ended[outcome],
        text: `Step ${step} ${outcome === 'unknown' ? 'UNKNOWN' : outcome}`,
        detail: sentence,
      };
    }
    case 'step-asked':
      return { tone: 'person', text: `Step ${event.body.step} asks: ${event.body.question}` };
    case 'step-answered':
      return { tone: 'person', text: `Step ${event.body.step} answered: ${event.body.value}` };
    case 'step-marked':
      return {
        tone: 'person',
        text: `Step ${event.body.step} marked ${marked[event.body.as]}`,
        detail: event.body.reason,
      };
    case 'guard-overridden':
      return { tone: 'fail', text: `Guard overridden for step ${event.body.step}`, detail: event.body.reason };
    default:
      return null;
  }
};

const courseLine = (event: RecordedEvent): RollbackLine | null => {
  switch (event.type) {
    case 'rollback-held':
      return { tone: 'warn', text: 'Held', detail: event.body.sentence };
    case 'rollback-continued':
      return { tone: 'running', text: 'Continued' };
    case 'rollback-aborted':
      return { tone: 'fail', text: 'Aborted', detail: event.body.reason };
    case 'rollback-finished':
      return { tone: 'done', text: event.body.sentence };
    case 'rollback-recovered':
      return { tone: event.body.back ? 'done' : 'fail', text: event.body.sentence };
    case 'rollback-reported':
      return {
        tone: 'fail',
        text: `Rolled back outside of War Room by ${event.body.who}`,
        detail: `At ${new Date(event.body.at).toISOString().slice(0, 16).replace('T', ' ')} UTC: ${event.body.reason}`,
      };
    case 'notice-wanted':
      return { tone: 'note', text: `Notice to ${event.body.to}: ${event.body.text}` };
    case 'deploy-locked':
      return { tone: 'warn', text: 'Deploying is locked', detail: event.body.reason };
    case 'deploy-unlocked':
      return { tone: 'note', text: 'Deploying is unlocked', detail: event.body.reason };
    default:
      return null;
  }
};

export const rollbackLine = (event: RecordedEvent): RollbackLine | null =>
  beforeLine(event) ?? stepLine(event) ?? courseLine(event);

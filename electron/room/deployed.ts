import type { NewEvent } from '../../shared/events.ts';
import { heldBack } from '../../shared/gate-rules.ts';
import type { Rollback } from '../../shared/projections/rollback.ts';
import { bad, doubtful, good } from '../rollback/checks.ts';
import type { Found } from '../rollback/checks.ts';
import type { OpenRoom } from './room.ts';
import { ticksOf } from './ticks.ts';

/** What a finished deployment answers by itself: the items that the target names, and T-0 where nothing set it yet. */
export const deployed = (room: OpenRoom, rollback: Rollback): readonly NewEvent[] => {
  const named = room.context.target.deploy?.ticks ?? [];
  const steps = rollback.steps.map(({ label, sentence }) => `${label}: ${sentence}`);
  const value = `Deployed by War Room in ${steps.length} steps. ${steps.at(-1) ?? ''}`.slice(0, 2_000);
  const ticks = ticksOf(room, named, value);
  if (room.head().t0 !== null) return ticks;
  const first = rollback.steps.find(({ startedAt }) => startedAt !== null)?.startedAt ?? rollback.confirmed?.at ?? 0;
  const sentence = `the deployment of ${rollback.preflight?.to ?? ''} was started from here`;
  return [...ticks, { type: 't0-set', body: { t0: first, source: 'probe', sentence } }];
};

/** Whether the people said go for the deployment phase. In a rehearsal a missing go is pointed out, and stops nobody. */
export const goFor = (room: OpenRoom): Found => {
  const phase = room.context.runbook.phases.find(({ role }) => role === 'deployment');
  const gate = phase === undefined ? null : heldBack(room.gateSight(), phase.id);
  if (gate === null) return good(phase === undefined ? 'The document has no deployment phase' : 'said');
  const sentence = `The gate "${gate.title}" has not been passed.`;
  return room.head().started?.practice === true ? doubtful(sentence) : bad(sentence);
};

import { isActive, shelfOf } from '../projections/alarms.ts';
import type { Alarm, Alarms } from '../projections/alarms.ts';
import type { Escalations } from '../projections/escalations.ts';
import { runTime } from '../schedule/run-clock.ts';
import type { RunClock } from '../schedule/run-clock.ts';
import type { Target } from '../target/schema.ts';

/** Alarms of the highest priority that nobody has acknowledged for as long as the target allows, the oldest first. */
export const unanswered = (
  alarms: Alarms,
  escalations: Escalations,
  { escalation }: Pick<Target, 'escalation'>,
  clock: RunClock,
  now: number,
): readonly Alarm[] =>
  escalation.alarms === 'off'
    ? []
    : [...alarms.byKey.values()]
        .filter((alarm) => isActive(alarm) && alarm.priority === 'high' && alarm.acknowledged === null)
        .filter((alarm) => alarm.cause === null && !alarm.chattering && shelfOf(alarms, alarm.key) === null)
        .filter(({ newAt }) => now - runTime(clock, newAt) >= escalation.after)
        .filter(({ alarm }) => escalations.every(({ from }) => from.kind !== 'alarm' || from.id !== alarm))
        .toSorted((a, b) => a.newAt - b.newAt);

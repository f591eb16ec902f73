import type { Alarm } from '../../../shared/projections/alarms.ts';
import { isActive } from '../../../shared/projections/alarms.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { clockTime } from '../../words.ts';

/** What has to be said beside its priority, shortest first. */
export const standingOf = (alarm: Alarm): readonly string[] => [
  ...(isActive(alarm) ? [] : [`over since ${clockTime(alarm.clearedAt ?? 0)}`]),
  ...(isActive(alarm) && !alarm.sensed ? ['not sensed again yet'] : []),
  ...(alarm.chattering ? [alarm.failing ? 'flapping (on and off)' : 'flapping, ok at this moment'] : []),
  ...(alarm.acknowledged === null
    ? []
    : [`acknowledged by ${actorName(alarm.acknowledged.by)} ${clockTime(alarm.acknowledged.at)}`]),
];

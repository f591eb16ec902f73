import type { Priority } from '../../../shared/alarms/events.ts';
import type { Alarm } from '../../../shared/projections/alarms.ts';
import { isActive } from '../../../shared/projections/alarms.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import type { GlyphName } from '../../parts/glyph.tsx';
import { clockTime } from '../../words.ts';

const glyphs: Readonly<Record<Priority, GlyphName>> = { high: 'fail', medium: 'fail', low: 'warn' };

/** Shape and word of an alarm as it stands: what is over, and what nobody knows for now, look like neither. */
export const glyphOf = (alarm: Alarm): GlyphName =>
  !isActive(alarm) ? 'done' : alarm.sensed ? glyphs[alarm.priority] : 'pending';

/** What has to be said beside its priority, shortest first. */
export const standingOf = (alarm: Alarm): readonly string[] => [
  ...(isActive(alarm) ? [] : [`over since ${clockTime(alarm.clearedAt ?? 0)}`]),
  ...(isActive(alarm) && !alarm.sensed ? ['not sensed again yet'] : []),
  ...(alarm.chattering ? [alarm.failing ? 'CHATTERING' : 'CHATTERING, well at this moment'] : []),
  ...(alarm.acknowledged === null
    ? []
    : [`acknowledged by ${actorName(alarm.acknowledged.by)} ${clockTime(alarm.acknowledged.at)}`]),
];

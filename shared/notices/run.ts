import type { Projection } from '../projection.ts';
import { alarmsProjection } from '../projections/alarms.ts';
import type { Alarms } from '../projections/alarms.ts';
import { escalationsProjection } from '../projections/escalations.ts';
import type { Escalations } from '../projections/escalations.ts';
import { incidentsProjection } from '../projections/incidents.ts';
import type { Incidents } from '../projections/incidents.ts';
import { rollbackProjection } from '../projections/rollback.ts';
import type { RollbackRoom } from '../projections/rollback.ts';
import { roomProjection } from '../projections/room.ts';
import type { Room } from '../projections/room.ts';

/** As much of a run as its notices speak of. */
export type NoticeRun = {
  readonly head: Room;
  readonly rollbacks: RollbackRoom;
  readonly alarms: Alarms;
  readonly incidents: Incidents;
  readonly escalations: Escalations;
};

export const noticeRunProjection: Projection<null, NoticeRun> = {
  init: () => ({
    head: roomProjection.init(null),
    rollbacks: rollbackProjection.init(null),
    alarms: alarmsProjection.init(null),
    incidents: incidentsProjection.init(null),
    escalations: escalationsProjection.init(null),
  }),
  apply: (run, event) => ({
    head: roomProjection.apply(run.head, event),
    rollbacks: rollbackProjection.apply(run.rollbacks, event),
    alarms: alarmsProjection.apply(run.alarms, event),
    incidents: incidentsProjection.apply(run.incidents, event),
    escalations: escalationsProjection.apply(run.escalations, event),
  }),
};

/** How a run is called to those outside of it. */
export const service = ({ head }: NoticeRun): string => head.started?.service ?? 'the service';
export const deployed = (run: NoticeRun): string => `${service(run)} ${run.head.started?.release ?? ''}`;

import type { NewEvent } from '../../shared/events.ts';
import { formatSpan } from '../../shared/format.ts';
import { severitiesOf } from '../../shared/incidents/severities.ts';
import type { Rollback } from '../../shared/projections/rollback.ts';
import type { OpenRoom } from './room.ts';

const titleLength = 200;

/** What was seen before anything was changed, and what was done: the first entry of the incident. */
const evidenceOf = ({ preflight, steps, proposed, confirmed, finishedAt }: Rollback): string => {
  const tookMs = confirmed === null || finishedAt === null ? null : finishedAt - confirmed.at;
  const done = steps.filter(({ state }) => state === 'done').length;
  const files = (preflight?.evidence ?? []).map(({ name, sha256 }) => `${name} (SHA-256 ${sha256.slice(0, 12)})`);
  return [
    `${preflight?.from ?? proposed.from} → ${preflight?.to ?? proposed.to}: ${done} of ${steps.length} steps done${tookMs === null ? '' : ` in ${formatSpan(tookMs)}`}.`,
    ...(files.length === 0 ? [] : [`Captured before anything was changed: ${files.join(', ')}.`]),
  ].join(' ');
};

/** A rollback that was carried out is an incident: opened with its evidence, where people have not opened one for it. */
export const incidentOf = (room: OpenRoom, rollback: Rollback): readonly NewEvent[] => {
  const known = room.state.incidents();
  if (known.some(({ from }) => from.kind === 'rollback' && from.id === rollback.id)) return [];
  const grades = severitiesOf(room.context.runbook);
  const severity = (rollback.proposed.answers.critical === true ? grades[0] : (grades[1] ?? grades[0])) ?? 'Critical';
  const incident = `I${known.length + 1}`;
  const title = `Rollback: ${rollback.proposed.reason}`.slice(0, titleLength);
  return [
    { type: 'incident-opened', body: { incident, title, severity, from: { kind: 'rollback', id: rollback.id } } },
    { type: 'incident-noted', body: { incident, text: evidenceOf(rollback), corrects: null } },
  ];
};

import { formatSpan } from '../format.ts';
import { actorName } from '../projections/timeline.ts';
import { resolutionMs } from '../projections/incidents.ts';
import type { Incident, Incidents } from '../projections/incidents.ts';
import type { FilledIncident } from '../runbook/export.ts';
import { wallTime } from '../schedule/run-clock.ts';
import type { RunClock } from '../schedule/run-clock.ts';

const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const factsOf = (incident: Incident, clock: RunClock): FilledIncident['facts'] => {
  const took = resolutionMs(incident, clock);
  const { severity, openedAt, by, cause, resolved, review, from } = incident;
  return [
    ['Severity', severity],
    [
      'Opened',
      `${moment(openedAt)} by ${actorName(by)}${from.kind === 'person' ? '' : `, from ${from.kind} ${from.id ?? ''}`}`,
    ],
    ['Root cause', cause ?? 'not known'],
    ['Resolution', resolved === null ? 'still open' : `${resolved.sentence} (${moment(resolved.at)})`],
    ...(took === null ? [] : [['Resolution time', formatSpan(took)] as const]),
    ...(review === null ? [] : [['Post-mortem', `${review.held ? 'held' : 'none'}: ${review.text}`] as const]),
  ];
};

/** The incidents of a run as its Markdown tells them. */
export const filledIncidents = (incidents: Incidents, clock: RunClock): readonly FilledIncident[] =>
  incidents.map((incident) => ({
    title: `Incident ${incident.id}: ${incident.title}`,
    facts: factsOf(incident, clock),
    entries: incident.entries.map(({ seq, at, by, text, corrects }) => {
      const mark = corrects === null ? '' : `correction of ${corrects}: `;
      return `${seq}, ${moment(at)}, ${actorName(by)}: ${mark}${text}`;
    }),
    actions: incident.actions.map(({ text, owner, dueAt, state }) => ({
      done: state === 'done',
      words: `${text} (${owner || 'nobody yet'}${dueAt === null ? '' : `, by ${moment(wallTime(clock, dueAt))}`}${state === 'dropped' ? ', dropped' : ''})`,
    })),
  }));

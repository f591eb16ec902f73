import type { FilledIncident } from '../../../shared/runbook/export.ts';
import { formatCount } from '../../../shared/format.ts';
import { wrapWords } from '../../../shared/sheet/wrap.ts';
import type { Row } from './flow.ts';
import { ownHeading } from './heading.tsx';
import type { SheetFold } from './sheet-fold.ts';

const line = (key: string, body: Row['body'], keep = false): Row => ({
  key,
  area: 'portrait',
  className: 'paper-said',
  keep,
  body,
});

const incidentRows = ({ title, facts, entries, actions }: FilledIncident, at: number): readonly Row[] => [
  { key: `incident-${at}`, area: 'portrait', keep: true, className: 'section-row', body: <h3 dir="auto">{title}</h3> },
  ...facts.map(([label, text], index) =>
    line(
      `incident-${at}-fact-${index}`,
      <p dir="auto">
        <b>{label}</b> {text}
      </p>,
      index === 0,
    ),
  ),
  ...entries.flatMap((entry, index) =>
    wrapWords(entry).map((piece, part) => line(`incident-${at}-entry-${index}.${part}`, piece)),
  ),
  ...actions.map(({ done, words }, index) =>
    line(
      `incident-${at}-action-${index}`,
      <p dir="auto">
        {done ? 'done' : 'open'} · {words}
      </p>,
    ),
  ),
];

/** Each incident with its facts, its own timeline and what is to be done. */
export const incidentsRows = ({ filled }: SheetFold): readonly Row[] =>
  filled.incidents.length === 0
    ? []
    : [
        ownHeading('incidents', 'Incidents', formatCount(filled.incidents.length, 'incident')),
        ...filled.incidents.flatMap(incidentRows),
      ];

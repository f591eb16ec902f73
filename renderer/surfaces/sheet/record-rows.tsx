import { outcomeWords } from '../../../shared/outcome.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { actorName, describeEvent, itemWords } from '../../../shared/projections/timeline.ts';
import { progressOf } from '../../../shared/projections/progress.ts';
import { floodWindowMs } from '../../../shared/alarms/timing.ts';
import { factsRow } from './card-rows.tsx';
import type { Fact } from './card-rows.tsx';
import { checklistRows } from './checklist-rows.tsx';
import { exceptionRows } from './exceptions.tsx';
import type { Frame, Row } from './flow.ts';
import { ownHeading } from './heading.tsx';
import { incidentsRows } from './incident-rows.tsx';
import type { SheetScope } from './scope.ts';
import type { SheetFold } from './sheet-fold.ts';
import { signatureRows } from './signature-rows.tsx';
import { baselineRows, chartRows, verdictRows } from './verdict-rows.tsx';

/** What the run was, in a few facts. */
export const summaryRows = (scope: SheetScope, { room, checklist }: SheetFold): readonly Row[] => {
  const { started, t0, closed } = room;
  const { items, settled, failing } = progressOf(checklist, null);
  const facts: readonly Fact[] = [
    ['Release', started?.release ?? ''],
    ['Where', started?.environment ?? ''],
    ['Begun', started === null ? '' : `${scope.time(started.at)} by ${actorName(started.by)}`],
    ['T-0', t0 === null ? 'not set' : `${scope.time(t0.at)}, by a ${t0.source}`],
    ['Outcome', closed === null ? 'still open' : outcomeWords(closed)],
    ['Closed', closed === null ? '–' : `${scope.time(closed.at)} by ${actorName(closed.by)}`],
    ['Settled', `${settled} of ${items} items`],
    ['Failing', String(failing)],
  ];
  return [factsRow('summary', facts)];
};

/** The most alarms that came within any ten minutes. */
const mostIn = (times: readonly number[]): number =>
  Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other - at < floodWindowMs).length));

const alarmRows = ({ events, alarms }: SheetFold): readonly Row[] => {
  const raised = events.flatMap((event) =>
    event.type === 'alarm-raised' || event.type === 'alarm-unjudged' ? [event] : [],
  );
  if (raised.length === 0) return [];
  const of = (priority: string): number => raised.filter(({ body }) => body.priority === priority).length;
  const seen = events.filter(({ type }) => type === 'alarm-acknowledged').length;
  const floods = events.filter(({ type }) => type === 'alarm-flood-started').length;
  const [top] = [...Map.groupBy(raised, ({ body }) => body.label)].toSorted(([, a], [, b]) => b.length - a.length);
  const open = [...alarms.byKey.values()].filter(({ clearedAt }) => clearedAt === null).length;
  return [
    ownHeading('alarms', 'Alarms', `${raised.length} raised`),
    factsRow('alarm-figures', [
      ['High · medium · low', `${of('high')} · ${of('medium')} · ${of('low')}`],
      ['Most in 10 minutes', String(mostIn(raised.map(({ at }) => at)))],
      ['Acknowledged', String(seen)],
      ['Could not be judged', String(raised.filter(({ type }) => type === 'alarm-unjudged').length)],
      ['Floods', String(floods)],
      ['Still standing', String(open)],
      ['Most often', top === undefined ? '–' : `${top[0]} (${top[1].length})`],
    ]),
  ];
};

const frame: Frame = {
  id: 'timeline',
  kind: 'table',
  className: 'plain-table timeline-table',
  label: 'What happened',
  columns: [32, null, 30],
  head: (
    <tr>
      <th scope="col">When</th>
      <th scope="col">What</th>
      <th scope="col">Who</th>
    </tr>
  ),
};

/** What happened to the run. What happened to an item stands with the item, and is not said twice. */
const timelineRows = (scope: SheetScope, { events }: SheetFold): readonly Row[] => {
  const words = itemWords(scope.data.document.runbook);
  const lines = events.flatMap((event) => describeEvent(event, words) ?? []);
  const own = lines.filter(({ item, topic }) => item === null && topic !== 'item');
  return [
    ownHeading('timeline', 'What happened', `${own.length} entries`),
    ...own.map(({ seq, at, tone, text, detail, by }, index): Row => ({
      key: `timeline-${seq}`,
      area: 'portrait',
      frame,
      keep: index === 0,
      body: (
        <>
          <th scope="row">{scope.time(at)}</th>
          <td dir="auto">
            <Glyph name={tone} /> {text}
            {detail !== null && detail !== '' && <small> {detail}</small>}
          </td>
          <td dir="auto">{by}</td>
        </>
      ),
    })),
  ];
};

/** The run as a document: first what went past the rules, then figures, then every item with what it rests on. */
export const recordRows = (scope: SheetScope, fold: SheetFold): readonly Row[] => [
  ...summaryRows(scope, fold),
  ...exceptionRows(scope, fold),
  ...verdictRows(scope, fold),
  ...incidentsRows(fold),
  ...chartRows(scope, fold),
  ...baselineRows(scope, fold),
  ...alarmRows(fold),
  ...checklistRows(scope).map((row, at) => (at === 0 ? { ...row, newPage: true } : row)),
  ...signatureRows(scope, fold),
  ...timelineRows(scope, fold),
];

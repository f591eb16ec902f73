import { outcomeWords } from '../../../shared/outcome.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { actorName, describeEvent, itemWords } from '../../../shared/projections/timeline.ts';
import { progressOf } from '../../../shared/projections/progress.ts';
import { alarmFigures } from '../../../shared/alarms/figures.ts';
import type { EventType } from '../../../shared/events.ts';
import { formatNumber } from '../../../shared/format.ts';
import { isActive } from '../../../shared/projections/alarms.ts';
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

/** How the alarms were to live with, by the same figures as in the room. */
const alarmRows = ({ events, alarms, room }: SheetFold): readonly Row[] => {
  const raised = events.flatMap((event) =>
    event.type === 'alarm-raised' || event.type === 'alarm-unjudged' ? [event] : [],
  );
  if (raised.length === 0) return [];
  const to = room.closed?.at ?? events.at(-1)?.at ?? 0;
  const figures = alarmFigures(alarms, room.started?.at ?? to, to);
  const { perTenMin, inFlood, top, topShare, stale } = figures;
  const explained = raised.length - figures.raised;
  const of = (priority: string): string => formatNumber(raised.filter(({ body }) => body.priority === priority).length);
  const told = (type: EventType): string => formatNumber(events.filter((event) => event.type === type).length);
  const [first] = top;
  return [
    ownHeading(
      'alarms',
      'Alarms',
      `${formatNumber(raised.length)} raised${explained > 0 ? `, ${formatNumber(explained)} explained by another` : ''}`,
    ),
    factsRow('alarm-figures', [
      ['High · medium · low', `${of('high')} · ${of('medium')} · ${of('low')}`],
      ['Causes in 10 minutes', `${formatNumber(perTenMin.mean, 1)}, at most ${formatNumber(perTenMin.max)}`],
      ['Acknowledged', told('alarm-acknowledged')],
      ['Could not be judged', told('alarm-unjudged')],
      ['Floods', `${told('alarm-flood-started')}, ${formatNumber(inFlood * 100, 1)} % of the time`],
      ['Still standing', formatNumber([...alarms.byKey.values()].filter(isActive).length)],
      ['Most often', first === undefined || first.count < 2 ? '–' : `${first.label} (${formatNumber(first.count)})`],
      ['Of the ten most frequent', top.length < 10 ? '–' : `${formatNumber(topShare * 100)} % of all`],
      ['Longer than a shift', stale.length === 0 ? 'none' : stale.join(', ')],
    ]),
  ];
};

const frame: Frame = {
  id: 'timeline',
  kind: 'table',
  className: 'plain-table timeline-table',
  label: 'What happened',
  columns: [36, null, 26],
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
          <th scope="row">{scope.second(at)}</th>
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

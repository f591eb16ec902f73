import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { actorName } from '../../../shared/projections/timeline.ts';
import { formatSpan } from '../../../shared/format.ts';
import type { RecordedEvent } from '../../../shared/events.ts';
import type { FilledException } from '../../../shared/runbook/export.ts';
import { itemById } from '../../../shared/runbook/walk.ts';
import type { Frame, Row } from './flow.ts';
import { ownHeading } from './heading.tsx';
import type { SheetScope } from './scope.ts';
import type { SheetFold } from './sheet-fold.ts';

/** One thing that went past the rules of the run. */
type Exception = {
  readonly glyph: GlyphName;
  readonly word: string;
  readonly what: string;
  readonly why: string;
  readonly by: string;
  readonly at: number;
};

const kinds: Readonly<Record<FilledException['kind'], readonly [GlyphName, string]>> = {
  override: ['overridden', 'overridden'],
  deferral: ['deferred', 'deferred'],
  waiver: ['waived', 'waived'],
  'not-applicable': ['waived', 'not applicable'],
};

const ofItems = (scope: SheetScope, { filled }: SheetFold): readonly Exception[] =>
  filled.exceptions.map(({ kind, item, by, at, reason, until }) => {
    const [glyph, word] = kinds[kind];
    const text = itemById(scope.data.document.runbook, item)?.text ?? item;
    return {
      glyph,
      word,
      what: `${scope.number(item)} ${text}${until === null ? '' : ` → ${until}`}`,
      why: reason,
      by,
      at,
    };
  });

const whyMissed = { asleep: 'the machine slept', closed: 'the room was closed', before: 'T-0 was set later' } as const;

/** Rounds that were missed together are one line: a night with the lid closed is one thing to know. */
const missed = ({ rounds, plan }: SheetFold): readonly Exception[] => {
  const all = [...rounds].flatMap(([id, view]) => {
    const round = plan.rounds.get(id);
    return view.state !== 'missed' || round === undefined ? [] : [{ round, view }];
  });
  const together = Map.groupBy(all, ({ round, view }) => `${round.section} ${view.why}`);
  return [...together.values()].flatMap((group): readonly Exception[] => {
    const [first] = group;
    if (first === undefined) return [];
    const when = group.map(({ round }) => `T+${formatSpan(round.offsetMs)}`).join(', ');
    const word = group.length === 1 ? 'round missed' : `${group.length} rounds missed`;
    const what = `${first.round.title}: ${when}`;
    return [{ glyph: 'stale', word, what, why: whyMissed[first.view.why ?? 'closed'], by: '', at: first.view.at }];
  });
};

const shelves = ({ alarms }: SheetFold, scope: SheetScope): readonly Exception[] =>
  alarms.shelves.map(({ label, until, reason, by, at }) => ({
    glyph: 'deferred',
    word: 'alarm shelved',
    what: `${label}, until ${scope.time(until)}`,
    ...{ why: reason, by: actorName(by), at },
  }));

type Saying = readonly [glyph: GlyphName, word: string, what: string, why: string];

const moved = (byMs: number): string =>
  `this machine's clock, ${byMs < 0 ? 'back' : 'forward'} by ${formatSpan(Math.abs(byMs))}`;

/** What an entry says against the rules: clocks, gates passed without a go, permission broken out of glass. */
const sayingOf = (event: RecordedEvent): Saying | null => {
  switch (event.type) {
    case 'clock-moved':
      return ['clock', 'clock moved', moved(event.body.byMs), ''];
    case 't0-corrected':
      return ['clock', 'T-0 corrected', 'the time that everything counts from', event.body.reason];
    case 'once-held':
      return ['stale', 'held back', event.body.probe, 'it came due while nobody was there'];
    case 'gate-bypassed':
      return ['overridden', 'gate bypassed', `${event.body.title}, with ${event.body.first}`, event.body.reason];
    case 'rollback-authorised':
      return event.body.how === 'break-glass'
        ? ['fail', 'break-glass', 'a rollback without the lead', event.body.reason ?? '']
        : null;
    case 'rollback-reported':
      return ['fail', 'rolled back', `outside of War Room, by ${event.body.who}`, event.body.reason];
    case 'sign-off-withdrawn':
      return ['open', 'withdrawn', `the signature as ${event.body.role}`, event.body.reason];
    default:
      return null;
  }
};

const ofEntry = (event: RecordedEvent): readonly Exception[] => {
  const saying = sayingOf(event);
  if (saying === null) return [];
  const [glyph, word, what, why] = saying;
  return [{ glyph, word, what, why, by: actorName(event.by), at: event.at }];
};

const frame: Frame = {
  id: 'exceptions',
  kind: 'table',
  className: 'plain-table exceptions',
  label: 'What went past the rules of this run',
  columns: [31, null, 62, 36],
  head: (
    <tr>
      <th scope="col">What happened</th>
      <th scope="col">To what</th>
      <th scope="col">Why</th>
      <th scope="col">Who, when</th>
    </tr>
  ),
};

/** Everything that went past the rules, before anything else: whoever signs or reads has to know it first. */
export const exceptionRows = (scope: SheetScope, fold: SheetFold): readonly Row[] => {
  const all = [...ofItems(scope, fold), ...missed(fold), ...shelves(fold, scope), ...fold.events.flatMap(ofEntry)];
  const heading = ownHeading(
    'exceptions',
    'Read this first',
    all.length === 0 ? '' : `${all.length} against the rules`,
  );
  if (all.length === 0)
    return [
      heading,
      {
        key: 'exceptions-none',
        area: 'portrait',
        className: 'paper-prose',
        body: <p>Nothing was overridden, deferred, shelved, bypassed or missed, and no clock was moved.</p>,
      },
    ];
  return [
    heading,
    ...all.map(({ glyph, word, what, why, by, at }, index): Row => ({
      key: `exception-${index}`,
      area: 'portrait',
      frame,
      keep: index === 0,
      body: (
        <>
          <th scope="row">
            <Glyph name={glyph} /> {word}
          </th>
          <td dir="auto">{what}</td>
          <td dir="auto">{why}</td>
          <td>
            {by !== '' && <span className="by">{by}</span>}
            {scope.time(at)}
          </td>
        </>
      ),
    })),
  ];
};

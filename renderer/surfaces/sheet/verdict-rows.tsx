import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { formatNumber, formatValue } from '../../../shared/format.ts';
import type { Target } from '../../../shared/target/schema.ts';
import { Chart } from './chart.tsx';
import type { Frame, Row } from './flow.ts';
import { ownHeading } from './heading.tsx';
import type { SheetScope } from './scope.ts';
import type { SheetFold } from './sheet-fold.ts';

type Judged = SheetFold['verdicts']['verdicts'][number]['metrics'][number];
type Baseline = SheetFold['verdicts']['baselines'][number];

const glyphs: Readonly<Record<Judged['state'], GlyphName>> = {
  better: 'ok',
  similar: 'ok',
  worse: 'warn',
  bad: 'fail',
  'shape-changed': 'warn',
  'not-enough-data': 'little',
  'not-judged': 'unknown',
};

const verdictFrame: Frame = {
  id: 'verdict',
  kind: 'table',
  className: 'plain-table',
  label: 'The verdict, metric by metric',
  columns: [42, 34, null],
  head: (
    <tr>
      <th scope="col">Metric</th>
      <th scope="col">Verdict</th>
      <th scope="col">Why</th>
    </tr>
  ),
};

const isTold = ({ state }: Judged): boolean => state !== 'not-enough-data' && state !== 'not-judged';

const metricRow = (metric: Judged, keep: boolean): Row => ({
  key: `verdict-${metric.metric}`,
  area: 'portrait',
  frame: verdictFrame,
  keep,
  body: (
    <>
      <th scope="row">{metric.label}</th>
      <td>
        <Glyph name={glyphs[metric.state]} /> {metric.state.replaceAll('-', ' ')}
      </td>
      <td>{metric.sentence}</td>
    </>
  ),
});

/** The newest verdict with its digest: what a signature names. What could not be told is named in one line. */
export const verdictRows = (scope: SheetScope, { verdicts }: SheetFold): readonly Row[] => {
  const verdict = verdicts.verdicts.at(-1);
  if (verdict === undefined)
    return [
      ownHeading('verdict', 'Verdict'),
      { key: 'verdict-none', area: 'portrait', className: 'paper-prose', body: <p>No verdict has been given.</p> },
    ];
  const said = verdict.recommendation?.replace('-', ' ') ?? 'not enough data';
  const own = new Set(verdict.metrics.map(({ sentence }) => sentence));
  const untold = verdict.metrics.filter((metric) => !isTold(metric)).map(({ label }) => label);
  return [
    ownHeading('verdict', `Verdict: ${said}`, `look ${verdict.look} of ${verdict.of} · ${scope.time(verdict.at)}`),
    {
      key: 'verdict-why',
      area: 'portrait',
      className: 'verdict-why',
      keep: verdict.metrics.some(isTold),
      body: (
        <>
          {verdict.reasons
            .filter((reason) => !own.has(reason))
            .map((reason) => (
              <p key={reason}>{reason}</p>
            ))}
          {untold.length > 0 && (
            <p>
              <Glyph name="little" /> Not enough data, so not told: {untold.join(', ')}.
            </p>
          )}
          <p>
            Digest <code>{verdict.digest}</code>
          </p>
        </>
      ),
    },
    ...verdict.metrics.filter(isTold).map((metric, at) => metricRow(metric, at === 0)),
  ];
};

const limitsOf = (spec: Target['metrics'][string] | undefined) =>
  (['target', 'alert'] as const).flatMap((label) => {
    const value = spec?.[label]?.value;
    return value === undefined ? [] : [{ label, value }];
  });

/** Those that the target calls critical, else all that a baseline was taken of. */
const chosen = (target: Target | null, baseline: Baseline): Baseline['metrics'] => {
  const critical = baseline.metrics.filter(({ metric }) => target?.metrics[metric]?.critical === true);
  return critical.length > 0 ? critical : baseline.metrics.slice(0, 8);
};

const Figure = ({
  scope,
  fold,
  metric,
}: {
  readonly scope: SheetScope;
  readonly fold: SheetFold;
  readonly metric: Baseline['metrics'][number];
}) => {
  const spec = scope.data.target?.metrics[metric.metric];
  const points = scope.data.run?.points[metric.metric] ?? [];
  const text = (value: number): string => formatValue(value, metric.unit, spec?.digits ?? 0);
  const last = points.at(-1)?.[1];
  return (
    <figure>
      <figcaption>
        <b>{metric.label}</b> {last === undefined ? 'not measured' : `last ${text(last)}`}
      </figcaption>
      {points.length > 1 ? (
        <Chart
          {...{ label: metric.label, points, text, clock: scope.clock }}
          baseline={metric.value}
          limits={limitsOf(spec)}
          t0={fold.room.t0?.at ?? null}
        />
      ) : (
        <p className="none">Too few points for a curve.</p>
      )}
    </figure>
  );
};

/** The curves of the critical metrics against what they were before. */
export const chartRows = (scope: SheetScope, fold: SheetFold): readonly Row[] => {
  const baseline = fold.verdicts.baselines.at(-1);
  if (baseline === undefined) return [];
  const metrics = chosen(scope.data.target, baseline);
  const pairs = Array.from({ length: Math.ceil(metrics.length / 2) }, (_, at) => metrics.slice(at * 2, at * 2 + 2));
  return [
    ownHeading('charts', 'Critical metrics against the baseline'),
    ...pairs.map((pair, at): Row => ({
      key: `charts-${at}`,
      area: 'portrait',
      className: 'charts',
      body: pair.map((metric) => <Figure key={metric.metric} {...{ scope, fold, metric }} />),
    })),
  ];
};

const baselineFrame: Frame = {
  id: 'baseline',
  kind: 'table',
  className: 'plain-table figures',
  label: 'The baseline',
  columns: [60, null, null, null, null],
  head: (
    <tr>
      <th scope="col">Metric</th>
      <th scope="col">Points</th>
      <th scope="col">Median</th>
      <th scope="col">p95</th>
      <th scope="col">p99</th>
    </tr>
  ),
};

/** What ran then, and the digests of what is kept beside the log: the points, and the picture of the room. */
const pinnedWords = (baseline: Baseline, { pictures }: SheetFold['verdicts']): readonly string[] => {
  const picture = pictures.get(baseline.seq);
  const version = baseline.version === null ? [] : [{ label: 'Version', value: baseline.version }];
  return [
    ...[...version, ...(baseline.pins ?? [])].map(({ label, value }) => `${label}: ${value}`),
    `Points: SHA-256 ${baseline.points}`,
    picture === undefined
      ? 'No picture of the room: no window that may operate was open then'
      : `Picture of the room: SHA-256 ${picture.sha256}`,
  ];
};

/** How the room looked then, as large as half a page takes. */
const pictureRows = ({ data }: SheetScope): readonly Row[] => {
  const picture = data.run?.picture ?? null;
  if (picture === null) return [];
  const { png, width, height } = picture;
  return [
    {
      key: 'baseline-picture',
      area: 'portrait',
      className: 'paper-picture',
      body: (
        <img
          src={`data:image/png;base64,${png}`}
          alt="The room at the baseline"
          style={{ aspectRatio: `${width} / ${height}` }}
        />
      ),
    },
  ];
};

/** What was frozen before the deployment. */
export const baselineRows = (scope: SheetScope, { verdicts }: SheetFold): readonly Row[] => {
  const baseline = verdicts.baselines.at(-1);
  if (baseline === undefined) return [];
  const span = `${scope.time(baseline.from)} to ${scope.clock(baseline.to)}`;
  const taken = baseline.automatic ? 'taken by the room at T-0' : 'taken by a person';
  return [
    ownHeading('baseline', 'Baseline', `${span} · ${taken}`),
    ...baseline.warnings.map((text, at): Row => ({
      key: `baseline-warning-${at}`,
      area: 'portrait',
      className: 'paper-prose',
      keep: true,
      body: (
        <p>
          <Glyph name="warn" /> {text}
        </p>
      ),
    })),
    {
      key: 'baseline-pins',
      area: 'portrait',
      className: 'paper-prose',
      keep: true,
      body: pinnedWords(baseline, verdicts).map((words) => (
        <p key={words}>
          <code>{words}</code>
        </p>
      )),
    },
    ...pictureRows(scope),
    ...baseline.metrics.map(({ metric, label, unit, n, p50, p95, p99 }, at): Row => {
      const digits = scope.data.target?.metrics[metric]?.digits ?? 0;
      const cell = (value: number | null): string => (value === null ? '–' : formatValue(value, unit, digits));
      return {
        key: `baseline-${metric}`,
        area: 'portrait',
        frame: baselineFrame,
        keep: at === 0,
        body: (
          <>
            <th scope="row">{label}</th>
            <td>{formatNumber(n)}</td>
            {[p50, p95, p99].map((value, index) => (
              <td key={index}>{cell(value)}</td>
            ))}
          </>
        ),
      };
    }),
  ];
};

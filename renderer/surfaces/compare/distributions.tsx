import { CartesianGrid, Line as Curve, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { VerdictPoints } from '../../../shared/verdict/contract.ts';
import { formatNumber } from '../../../shared/format.ts';
import type { MetricSpec } from '../../../shared/target/schema.ts';
import { judgedMetric } from '../../../shared/verdict/from-samples.ts';

/** More steps than this can't be told apart at the width of the chart. */
const mostSteps = 200;

const words = { fill: 'var(--muted)', fontSize: 11 } as const;

/** The share of points at or below each value, as steps. */
const cumulated = (values: readonly number[]): readonly { readonly value: number; readonly share: number }[] => {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const every = Math.max(1, Math.floor(sorted.length / mostSteps));
  return sorted.flatMap((value, at) =>
    at % every === 0 || at === sorted.length - 1 ? [{ value, share: (at + 1) / sorted.length }] : [],
  );
};

type Props = { readonly spec: MetricSpec; readonly points: VerdictPoints };

const shareOf = ({ value, total }: VerdictPoints['current'][number], scale: number): number =>
  total === undefined ? value : total === 0 ? Number.NaN : (scale * value) / total;

/** Room on both sides, so that a curve that is one step can be seen; below zero only where values are. */
const rangeOf = (values: readonly number[]): readonly [low: number, high: number] => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.04 || Math.max(Math.abs(most) * 0.1, 0.5);
  return [least >= 0 && most > 0 ? Math.max(0, least - room) : least - room, most + room];
};

type Steps = ReturnType<typeof cumulated>;

/** From nothing at the left edge to everything at the right one. */
const closed =
  (low: number, high: number) =>
  (curve: Steps): Steps =>
    curve.length === 0 ? [] : [{ value: low, share: 0 }, ...curve, { value: high, share: 1 }];

const curvesOf = ({ spec, points }: Props): { readonly before: Steps; readonly after: Steps } => {
  const scale = judgedMetric('', spec).scale ?? 1;
  const curve = (of: VerdictPoints['current']): Steps => cumulated(of.map((point) => shareOf(point, scale)));
  return { before: curve(points.baseline), after: curve(points.current) };
};

/** Both distributions as cumulated shares: a shift moves the curve sideways, a change of shape bends it. */
export const Distributions = ({ spec, points }: Props) => {
  const { before, after } = curvesOf({ spec, points });
  if (before.length + after.length === 0) return <p className="muted">No points were measured, before or after.</p>;
  const lines = [spec.target, spec.alert].flatMap((line) => line?.value ?? []);
  const all = [...before, ...after].map(({ value }) => value);
  const [low, high] = rangeOf(all);
  const whole = closed(low, high);
  const said = `${spec.label}: ${points.baseline.length} points before, ${points.current.length} after, as cumulated shares`;
  return (
    <figure className="distributions">
      <div role="img" aria-label={said}>
        <ResponsiveContainer width="100%" height={180}>
          <LineChart margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              dataKey="value"
              type="number"
              domain={[low, high]}
              allowDataOverflow
              tick={words}
              stroke="var(--line-strong)"
              tickFormatter={(value: number) => formatNumber(value, high < 10 ? 2 : 0)}
            />
            <YAxis
              domain={[0, 1]}
              tick={words}
              width={44}
              stroke="var(--line-strong)"
              tickFormatter={(share: number) => `${Math.round(share * 100)} %`}
            />
            {lines.map((line) => (
              <ReferenceLine key={line} x={line} stroke="var(--warn)" strokeDasharray="2 4" />
            ))}
            <Curve
              data={[...whole(before)]}
              dataKey="share"
              type="stepAfter"
              stroke="var(--none)"
              strokeDasharray="5 4"
              strokeWidth={1.5}
              dot={false}
              isAnimationActive={false}
            />
            <Curve
              data={[...whole(after)]}
              dataKey="share"
              type="stepAfter"
              stroke="var(--text)"
              strokeWidth={2}
              dot={false}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
      <figcaption className="muted">
        Share of points at or below a value. Dashed: before ({formatNumber(points.baseline.length)} points). Solid:
        after ({formatNumber(points.current.length)} points).
      </figcaption>
    </figure>
  );
};

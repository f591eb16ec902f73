import { memo } from 'react';
import type { Point } from '../../shared/contract.ts';
import type { Line } from '../../shared/target/schema.ts';
import { segments } from './segments.ts';
import './sparkline.css';

const width = 160;
const height = 36;

export type Scale = { readonly low: number; readonly high: number };

/** Room for the values and, where they are not far off, for the lines: a limit ten times away must not flatten the curve. */
export const scaleOf = (values: readonly number[], lines: readonly number[]): Scale => {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const reach = Math.max(high - low, Math.abs(high) * 0.25, 1e-9);
  const near = lines.filter((line) => line >= low - reach * 1.5 && line <= high + reach * 1.5);
  const bottom = Math.min(low, ...near);
  const top = Math.max(high, ...near);
  // At least half the value's own size: a ripple on a calm metric must look like a ripple.
  const air = Math.max((top - bottom) * 0.12, (Math.abs(high) * 0.5 - (top - bottom)) / 2, reach * 0.08);
  return { low: bottom - air, high: top + air };
};

type Props = {
  readonly points: readonly Point[];
  readonly target: Line | undefined;
  readonly alert: Line | undefined;
  /** What it was before the deployment; null without a baseline. */
  readonly baseline: number | null;
};

/** The last values as a line over time, with the baseline, the amber and the red line where they are in sight. A picture beside a number: hidden from readers. */
export const Sparkline = memo(({ points, target, alert, baseline }: Props) => {
  const from = points[0]?.[0] ?? 0;
  const spanMs = Math.max(1, (points.at(-1)?.[0] ?? 0) - from);
  const scale = scaleOf(
    points.map(([, value]) => value),
    [target?.value, alert?.value, baseline ?? undefined].filter((line) => line !== undefined),
  );
  const y = (value: number): number => height - ((value - scale.low) / (scale.high - scale.low)) * height;
  const across = (value: number | null | undefined, name: string) =>
    value !== undefined &&
    value !== null &&
    value >= scale.low &&
    value <= scale.high && <path className={name} d={`M0 ${y(value)}H${width}`} />;
  const x = (at: number): number => ((at - from) / spanMs) * width;
  const path = segments(points)
    .flatMap((stretch) =>
      stretch.map(([at, value], i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`),
    )
    .join('');
  if (points.length < 2) return <div className="sparkline" aria-hidden="true" />;
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {across(baseline, 'baseline')}
      {across(target?.value, 'target')}
      {across(alert?.value, 'alert')}
      <path className="curve" d={path} />
    </svg>
  );
});

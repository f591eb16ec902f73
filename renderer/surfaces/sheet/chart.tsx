import type { Point } from '../../../shared/contract.ts';
import { segments } from '../../parts/segments.ts';

type Props = {
  readonly label: string;
  readonly points: readonly Point[];
  /** The baseline's own value, and its upper quantile; null where there is none. */
  readonly baseline: number | null;
  readonly limits: readonly { readonly label: string; readonly value: number }[];
  /** T-0 (UTC epoch ms), or null. */
  readonly t0: number | null;
  readonly text: (value: number) => string;
  readonly clock: (at: number) => string;
};

/** Drawn in tenths of a mm: 88 mm wide, 30 mm high, with room for the words around the curve. */
const size = { width: 880, height: 300, left: 6, right: 235, top: 14, bottom: 34 };
/** Labels closer than this would lie on each other. */
const lineHeight = 26;

type Scale = (value: number) => number;

const scale = (from: number, to: number, low: number, high: number): Scale => {
  const span = to - from || 1;
  return (value) => low + ((value - from) / span) * (high - low);
};

const pathOf = (points: readonly Point[], x: Scale, y: Scale): string =>
  segments(points)
    .map((piece) =>
      piece
        .map(([at, value], index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
        .join(''),
    )
    .join('');

/** Moves labels apart that would lie on each other, downwards. */
const apart = (wanted: readonly number[]): readonly number[] => {
  let last = -Infinity;
  return wanted
    .map((y, at) => ({ y, at }))
    .toSorted((a, b) => a.y - b.y)
    .map(({ y, at }) => {
      last = Math.max(y, last + lineHeight);
      return { y: last, at };
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ y }) => y);
};

/** A curve on paper: black lines with their words beside them, the baseline dashed, limits dotted, T-0 as a stroke. */
export const Chart = ({ label, points, baseline, limits, t0, text, clock }: Props) => {
  const values = points.map(([, value]) => value);
  const inView = limits.filter(({ value }) => value <= Math.max(...values, baseline ?? 0) * 2);
  const all = [...values, ...(baseline === null ? [] : [baseline]), ...inView.map(({ value }) => value)];
  const [low, high] = [Math.min(0, ...all), Math.max(...all)];
  const [from, to] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];
  const x = scale(from, to, size.left, size.width - size.right);
  const y = scale(low, high, size.height - size.bottom, size.top);
  const lines = [
    ...(baseline === null ? [] : [{ label: `baseline ${text(baseline)}`, value: baseline, dash: '14 8' }]),
    ...inView.map(({ label: name, value }) => ({ label: `${name} ${text(value)}`, value, dash: '3 7' })),
  ];
  const labels = apart(lines.map(({ value }) => y(value)));
  const edge = size.width - size.right;
  return (
    <svg
      className="paper-chart"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={`${label} over time`}
    >
      <path d={`M${size.left} ${size.top}V${size.height - size.bottom}H${edge}`} strokeWidth="2" />
      {t0 !== null && t0 >= from && t0 <= to && (
        <>
          <path d={`M${x(t0)} ${size.top}V${size.height - size.bottom}`} strokeWidth="2.5" />
          <text x={x(t0) + 6} y={size.top + 16}>
            T-0
          </text>
        </>
      )}
      {lines.map((line, at) => (
        <g key={line.label}>
          <path d={`M${size.left} ${y(line.value)}H${edge}`} strokeWidth="2.5" strokeDasharray={line.dash} />
          <text x={edge + 8} y={(labels[at] ?? 0) + 7}>
            {line.label}
          </text>
        </g>
      ))}
      <path d={pathOf(points, x, y)} strokeWidth="3.2" strokeLinejoin="round" />
      <text x={size.left} y={size.height - 8}>
        {clock(from)}
      </text>
      <text x={edge} y={size.height - 8} textAnchor="end">
        {clock(to)}
      </text>
    </svg>
  );
};

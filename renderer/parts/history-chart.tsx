import { useState } from 'react';
import {
  CartesianGrid,
  Line as Curve,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
  usePlotArea,
} from 'recharts';
import type { Point } from '../../shared/contract.ts';
import { formatNumber, formatValue } from '../../shared/format.ts';
import { lineText } from '../../shared/target/line.ts';
import type { MetricSpec } from '../../shared/target/schema.ts';
import { clockMinute, clockTime } from '../words.ts';
import { rowsOf } from './mark-rows.ts';
import type { Mark } from './mark-rows.ts';
import { segments } from './segments.ts';
import './history-chart.css';

type Props = {
  readonly spec: MetricSpec;
  readonly points: readonly Point[];
  readonly from: number;
  readonly to: number;
  readonly marks: readonly Mark[];
  /** What it was before the deployment; null without a baseline. */
  readonly baseline: number | null;
  /** A person drew over this stretch. */
  readonly onSelect: (from: number, to: number) => void;
};

const words = { fill: 'var(--muted)', fontSize: 11 } as const;

/** Recharts hands over which point the pointer is at. */
type TipProps = {
  readonly spec: MetricSpec;
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: { readonly at: number; readonly value: number | null } }[];
};

const Tip = ({ spec, active, payload }: TipProps) => {
  const point = payload?.[0]?.payload;
  if (active !== true || point === undefined || point.value === null) return null;
  return (
    <div className="history-tip">
      <b>{formatValue(point.value, spec.unit, Math.max(spec.digits, 1))}</b>
      <span>{clockTime(point.at)}</span>
    </div>
  );
};

const large = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });

/** Short enough for the room beside the axis: "1.2M", "350", "0.02". */
const axisWords = (value: number, top: number): string => {
  if (top >= 100_000) return large.format(value);
  if (top >= 10) return formatNumber(value);
  return value === 0 ? '0' : top >= 0.1 ? formatNumber(value, 2) : value.toPrecision(1);
};

type LinesProps = Pick<Props, 'spec' | 'baseline'> & { readonly top: number; readonly alertInSight: boolean };

/** What the values are judged by, and what happened meanwhile. */
const Lines = ({ spec, baseline, top, alertInSight }: LinesProps) => {
  const { target, alert } = spec;
  // Below the line, but not into the hours of the axis.
  const label = (value: string, at: number) => {
    const position = at < top * 0.12 ? ('insideBottomLeft' as const) : ('insideTopLeft' as const);
    return { value, position, ...words };
  };
  return (
    <>
      {alertInSight && alert !== undefined && (
        <>
          <ReferenceArea
            y1={alert.value}
            y2={alert.op.startsWith('<') ? top : 0}
            fill="var(--fail)"
            fillOpacity={0.07}
          />
          <ReferenceLine
            y={alert.value}
            stroke="var(--fail)"
            strokeDasharray="7 4"
            label={label(`alert ${formatNumber(alert.value)}`, alert.value)}
          />
        </>
      )}
      {target !== undefined && (
        <ReferenceLine
          y={target.value}
          stroke="var(--warn)"
          strokeDasharray="2 4"
          label={label(`target ${lineText(target)}`, target.value)}
        />
      )}
      {baseline !== null && baseline <= top && (
        <ReferenceLine
          y={baseline}
          stroke="var(--muted)"
          strokeDasharray="1 3"
          label={{ value: `baseline ${formatNumber(baseline, 1)}`, position: 'insideTopRight', ...words }}
        />
      )}
    </>
  );
};

/** What happened meanwhile: a line each, with its words above where they lie over no others. */
const Marks = ({ marks, from, to }: Pick<Props, 'marks' | 'from' | 'to'>) => {
  const width = usePlotArea()?.width ?? 0;
  const rows = rowsOf(marks, { from, to, width });
  return marks.map((mark) => {
    const { at, label, tone, quiet } = mark;
    const row = rows.get(mark);
    return (
      <ReferenceLine
        key={`${at} ${label}`}
        x={at}
        stroke={`var(--${tone})`}
        {...(quiet === true ? { strokeDasharray: '1 5' } : {})}
        {...(row === undefined ? {} : { label: { value: label, position: 'top', dy: row * -12, ...words } })}
      />
    );
  });
};

/** The stretch that is being drawn over, from where the pointer went down to where it is. */
const useDrawn = (onSelect: Props['onSelect']) => {
  const [drawn, setDrawn] = useState<{ readonly from: number; readonly to: number } | null>(null);
  type Pointed = { readonly activeLabel?: string | number | undefined };
  const at = ({ activeLabel }: Pointed): number | null => (activeLabel === undefined ? null : Number(activeLabel));
  return {
    drawn,
    handlers: {
      onMouseDown: (state: Pointed) => {
        const from = at(state);
        if (from !== null) setDrawn({ from, to: from });
      },
      onMouseMove: (state: Pointed) => {
        const to = at(state);
        if (to !== null) setDrawn((was) => (was === null ? null : { ...was, to }));
      },
      onMouseUp: () => {
        if (drawn !== null && drawn.from !== drawn.to) onSelect(drawn.from, drawn.to);
        setDrawn(null);
      },
      onMouseLeave: () => setDrawn(null),
    },
  };
};

/** Values over time, with the lines they are judged by where those are not far out of reach. */
export const HistoryChart = ({ spec, points, from, to, marks, baseline, onSelect }: Props) => {
  const { drawn, handlers } = useDrawn(onSelect);
  // An empty value ends each stretch: the curve breaks where nobody measured.
  const data = segments(points).flatMap((stretch) => [
    ...stretch.map(([at, value]) => ({ at, value })),
    { at: (stretch.at(-1)?.[0] ?? to) + 1, value: null },
  ]);
  const highest = Math.max(
    ...points.map(([, value]) => value),
    spec.target?.value ?? 0,
    baseline ?? 0,
    Number.MIN_VALUE,
  );
  const alertInSight = spec.alert !== undefined && spec.alert.value <= highest * 3;
  const top = Math.max(highest, alertInSight ? (spec.alert?.value ?? 0) : 0) * 1.08;
  const highestSaid = formatValue(Math.max(...points.map(([, value]) => value)), spec.unit, Math.max(spec.digits, 1));
  const said = `${spec.label} from ${clockTime(from)} to ${clockTime(to)}, ${points.length} points, highest ${highestSaid}, ${marks.length} marks`;
  return (
    <div className="history" role="img" aria-label={said}>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart
          data={data}
          margin={{ top: 40, right: 12, bottom: 0, left: 0 }}
          accessibilityLayer={false}
          {...handlers}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            dataKey="at"
            type="number"
            domain={[from, to]}
            tickFormatter={to - from < 600_000 ? clockTime : clockMinute}
            tick={words}
            stroke="var(--line-strong)"
            minTickGap={60}
          />
          <YAxis
            domain={[0, top]}
            tick={words}
            stroke="var(--line-strong)"
            width={52}
            tickFormatter={(value: number) => axisWords(value, top)}
          />
          <Tooltip isAnimationActive={false} cursor={{ stroke: 'var(--line-strong)' }} content={<Tip spec={spec} />} />
          <Lines {...{ spec, baseline, top, alertInSight }} />
          <Marks {...{ marks, from, to }} />
          {drawn !== null && <ReferenceArea x1={drawn.from} x2={drawn.to} fill="var(--accent)" fillOpacity={0.16} />}
          <Curve dataKey="value" stroke="var(--text)" strokeWidth={1.75} dot={false} isAnimationActive={false} />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
};

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
} from 'recharts';
import type { Point } from '../../shared/contract.ts';
import type { MetricSpec } from '../../shared/target/schema.ts';
import { clockMinute, clockTime } from '../words.ts';
import './history-chart.css';

export type Mark = { readonly at: number; readonly label: string; readonly tone: 'run' | 'fail' | 'none' };

type Props = {
  readonly spec: MetricSpec;
  readonly points: readonly Point[];
  readonly from: number;
  readonly to: number;
  readonly marks: readonly Mark[];
};

const tick = { fill: 'var(--muted)', fontSize: 11 } as const;

/** Values over time with the lines they are judged by, and what happened meanwhile. */
export const HistoryChart = ({ spec, points, from, to, marks }: Props) => {
  const data = points.map(([at, value]) => ({ at, value }));
  const highest = Math.max(...points.map(([, value]) => value), spec.target?.value ?? 0, Number.MIN_VALUE);
  const alertNear = spec.alert !== undefined && spec.alert.value <= highest * 3;
  const top = Math.max(highest, alertNear ? (spec.alert?.value ?? 0) : 0) * 1.08;
  const alertAbove = spec.alert?.op.startsWith('<') ?? true;
  return (
    <div
      className="history"
      role="img"
      aria-label={`${spec.label} from ${clockTime(from)} to ${clockTime(to)}, ${points.length} points`}
    >
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={data} margin={{ top: 18, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          {alertNear && spec.alert !== undefined && (
            <ReferenceArea y1={spec.alert.value} y2={alertAbove ? top : 0} fill="var(--fail)" fillOpacity={0.07} />
          )}
          <XAxis
            dataKey="at"
            type="number"
            domain={[from, to]}
            tickFormatter={clockMinute}
            tick={tick}
            stroke="var(--line-strong)"
            minTickGap={48}
          />
          <YAxis
            domain={[0, top]}
            tick={tick}
            stroke="var(--line-strong)"
            width={52}
            tickFormatter={(value: number) => value.toLocaleString('en-US', { maximumSignificantDigits: 3 })}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--line-strong)' }}
            content={({ active, payload }) => {
              const point = payload[0]?.payload as { at: number; value: number } | undefined;
              return active && point !== undefined ? (
                <div className="history-tip">
                  <b>
                    {point.value.toLocaleString('en-US', { maximumFractionDigits: Math.max(spec.digits, 2) })}{' '}
                    {spec.unit}
                  </b>
                  <span>{clockTime(point.at)}</span>
                </div>
              ) : null;
            }}
          />
          {spec.target !== undefined && (
            <ReferenceLine
              y={spec.target.value}
              stroke="var(--warn)"
              strokeDasharray="2 4"
              label={{
                value: `target ${spec.target.op} ${spec.target.value}`,
                position: 'insideTopLeft',
                fill: 'var(--muted)',
                fontSize: 11,
              }}
            />
          )}
          {alertNear && spec.alert !== undefined && (
            <ReferenceLine
              y={spec.alert.value}
              stroke="var(--fail)"
              strokeDasharray="7 4"
              label={{
                value: `alert ${spec.alert.value}`,
                position: 'insideTopLeft',
                fill: 'var(--muted)',
                fontSize: 11,
              }}
            />
          )}
          {marks.map((mark) => (
            <ReferenceLine
              key={`${mark.at} ${mark.label}`}
              x={mark.at}
              stroke={`var(--${mark.tone})`}
              label={{ value: mark.label, position: 'top', fill: 'var(--muted)', fontSize: 11 }}
            />
          ))}
          <Curve
            dataKey="value"
            stroke="var(--text)"
            strokeWidth={1.75}
            dot={false}
            isAnimationActive={false}
            type="linear"
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
};

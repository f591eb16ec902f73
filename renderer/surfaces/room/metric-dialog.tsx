import { lazy, Suspense, useEffect, useState } from 'react';
import type { Point } from '../../../shared/contract.ts';
import { beyond } from '../../../shared/target/line.ts';
import type { MetricSpec } from '../../../shared/target/schema.ts';
import { serverNow, useNow } from '../../now.ts';
import { Age } from '../../parts/age.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph, stateWord } from '../../parts/glyph.tsx';
import type { Mark } from '../../parts/history-chart.tsx';
import { clockTime } from '../../words.ts';
import { useRoom, useRun } from './room-context.tsx';
import './metric-dialog.css';

// The charting library is larger than all the rest: it is fetched when the first chart is opened.
const HistoryChart = lazy(() =>
  import('../../parts/history-chart.tsx').then(({ HistoryChart: default_ }) => ({ default: default_ })),
);

const spans = [
  { label: '5 min', ms: 5 * 60_000 },
  { label: '30 min', ms: 30 * 60_000 },
  { label: '2 h', ms: 2 * 3_600_000 },
  { label: '24 h', ms: 24 * 3_600_000 },
  { label: 'Whole run', ms: null },
] as const;

const pointsAsked = 600;
const refreshMs = 5_000;

type History = { readonly from: number; readonly to: number; readonly points: readonly Point[] } | 'loading' | 'failed';

/** `spanMs` null: since the run began. A closed run is looked at from its end. */
const useHistory = (metric: string, spanMs: number | null): History => {
  const { actions, view } = useRoom();
  const [history, setHistory] = useState<History>('loading');
  const round = useNow((now) => Math.floor(now / refreshMs));
  useEffect(() => {
    let current = true;
    const { started, closed } = view.get().room;
    const to = closed?.at ?? serverNow();
    const from = spanMs === null ? (started?.at ?? to) : to - spanMs;
    actions.history(metric, from, to, pointsAsked).then(
      (points) => current && setHistory({ from, to, points }),
      () => current && setHistory((was) => (was === 'loading' ? 'failed' : was)),
    );
    return () => {
      current = false;
    };
  }, [actions, view, metric, spanMs, round]);
  return history;
};

const mostMarks = 8;

/** T-0 and the practice faults of that stretch: what a bend in the curve may come from. */
const useMarks = (from: number, to: number): readonly Mark[] => {
  const t0 = useRun(({ room }) => room.t0?.at ?? null);
  const timeline = useRun((view) => view.timeline);
  const faults = timeline
    .filter(({ topic }) => topic === 'practice')
    .map(({ at, text }): Mark => ({
      at,
      label: text.replace(/^Practice fault (on|off): (.+)$/u, '$2 $1'),
      tone: 'fail',
    }));
  const start: readonly Mark[] = t0 === null ? [] : [{ at: t0, label: 'T-0', tone: 'run' }];
  return [...start, ...faults.slice(-mostMarks)].filter(({ at }) => at >= from && at <= to);
};

const Chart = ({
  id,
  spec,
  spanMs,
}: {
  readonly id: string;
  readonly spec: MetricSpec;
  readonly spanMs: number | null;
}) => {
  const history = useHistory(id, spanMs);
  const marks = useMarks(
    history === 'loading' || history === 'failed' ? 0 : history.from,
    history === 'loading' || history === 'failed' ? 0 : history.to,
  );
  if (history === 'loading') return <div className="history skeleton" role="status" aria-label="Loading history" />;
  if (history === 'failed')
    return <p className="history muted">The history could not be read. It is tried again every few seconds.</p>;
  if (history.points.length === 0) return <p className="history muted">No samples in this stretch of time.</p>;
  return (
    <>
      <Suspense fallback={<div className="history skeleton" />}>
        <HistoryChart spec={spec} points={history.points} from={history.from} to={history.to} marks={marks} />
      </Suspense>
      <details className="samples">
        <summary>The samples as numbers</summary>
        <ol className="scroll" tabIndex={0} aria-label="Samples, newest first">
          {history.points
            .slice(-60)
            .toReversed()
            .map(([at, value]) => (
              <li key={at}>
                <time>{clockTime(at)}</time> {value.toLocaleString('en-US', { maximumFractionDigits: 4 })} {spec.unit}
              </li>
            ))}
        </ol>
      </details>
    </>
  );
};

const judged = (spec: MetricSpec): string => {
  const unit = spec.unit === '' ? '' : ` ${spec.unit}`;
  const lines = [
    spec.target === undefined ? null : `well while ${spec.target.op} ${spec.target.value}${unit}`,
    spec.alert === undefined ? null : `alarm when ${beyond(spec.alert).op} ${spec.alert.value}${unit}`,
  ].filter((line) => line !== null);
  return `${spec.aggregate} of ${spec.series} over ${Math.round(spec.window / 1_000)} s, from ${spec.probe}${lines.length > 0 ? `; ${lines.join(', ')}` : '; no limit, shown only'}`;
};

/** One metric in full: its history, what it is judged by, and a way to ask again. */
export const MetricDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { actions, operates } = useRoom();
  const closed = useRun(({ room }) => room.closed !== null);
  const [spanMs, setSpan] = useState<number | null>(closed ? null : spans[0].ms);
  const spec = useRun(({ context }) => context.target.metrics[id]);
  const health = useRun(({ metrics }) => metrics.get(id));
  if (spec === undefined) return null;
  return (
    <Dialog title={spec.label} width="wide" lead={judged(spec)} onClose={onClose}>
      <div className="metric-now">
        <Glyph name={health?.state ?? 'pending'} label={stateWord(health?.state ?? 'pending')} />
        <b>{health === undefined || health.value === null ? '—' : health.text}</b>
        <span>{health?.sentence ?? (closed ? 'The run is closed.' : 'Not asked yet.')}</span>
        <Age at={health?.at ?? null} suffix=" ago" />
      </div>
      <div className="row" role="group" aria-label="Stretch of time">
        {spans.map((each) => (
          <button key={each.label} aria-pressed={each.ms === spanMs} onClick={() => setSpan(each.ms)}>
            {each.label}
          </button>
        ))}
        <span className="grow" />
        {operates && <button onClick={() => void actions.checkNow(spec.probe)}>Check now</button>}
      </div>
      <Chart id={id} spec={spec} spanMs={spanMs} />
      {spec.todo !== undefined && (
        <p>
          <b>What to do:</b> {spec.todo}
        </p>
      )}
    </Dialog>
  );
};

/** One probe in full: what it asks, how often, and what it last said. */
export const ProbeDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { actions, operates } = useRoom();
  const spec = useRun(({ context }) => context.target.probes[id]);
  const health = useRun(({ probes }) => probes.get(id));
  if (spec === undefined) return null;
  const often = spec.once ? 'once when its item opens, and on demand' : `every ${spec.every / 1_000} s`;
  return (
    <Dialog
      title={spec.label}
      lead={`A ${spec.kind} probe, ${often}, with ${spec.deadline / 1_000} s for an answer.`}
      onClose={onClose}
    >
      <div className="metric-now">
        <Glyph name={health?.state ?? 'pending'} label={stateWord(health?.state ?? 'pending')} />
        <b>{health?.text === '' ? stateWord(health.state) : (health?.text ?? 'Not asked yet')}</b>
        <span>{health?.sentence}</span>
        <Age at={health?.at ?? null} suffix=" ago" />
      </div>
      {spec.todo !== undefined && (
        <p>
          <b>What to do:</b> {spec.todo}
        </p>
      )}
      {spec.needs.length > 0 && (
        <p className="muted">Rests on {spec.needs.join(', ')}: a failure there explains one here.</p>
      )}
      {operates && (
        <div className="foot">
          <button className="primary" onClick={() => void actions.checkNow(id)}>
            Check now
          </button>
        </div>
      )}
    </Dialog>
  );
};

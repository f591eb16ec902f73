import { lazy, Suspense, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Point } from '../../../shared/contract.ts';
import { formatValue } from '../../../shared/format.ts';
import type { MetricSpec } from '../../../shared/target/schema.ts';
import { serverNow, useNow } from '../../now.ts';
import type { Mark } from '../../parts/mark-rows.ts';
import { baselineOf } from '../../run-view.ts';
import { clockMinute, clockTime } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { chartKeys, chartStep } from './chart-keys.ts';
import { chosen, moved, rangeOf, zoomed } from './range.ts';
import type { Range, Span } from './range.ts';
import { SamplesTable } from './samples-table.tsx';
import { useMarks } from './use-marks.ts';

// The charting library is larger than all the rest: it is fetched when the first chart is opened.
const HistoryChart = lazy(() =>
  import('../../parts/history-chart.tsx').then(({ HistoryChart: default_ }) => ({ default: default_ })),
);

const dayMs = 24 * 3_600_000;
const spans = [
  { label: '5 min', ms: 5 * 60_000 },
  { label: '30 min', ms: 30 * 60_000 },
  { label: '2 h', ms: 2 * 3_600_000 },
  { label: 'Last day', ms: dayMs },
  { label: 'Whole run', ms: null },
] as const;

const pointsAsked = 600;
const refreshMs = 5_000;

type History = (Range & { readonly points: readonly Point[] }) | 'loading' | 'failed';

/** All that there is: since the run began, until now or until it ended. */
const useBounds = (): (() => Range) => {
  const { view } = useRoom();
  return useCallback(() => {
    const { started, closed } = view.get().room;
    const to = closed?.at ?? serverNow();
    return { from: Math.min(started?.at ?? to, to - 60_000), to };
  }, [view]);
};

const useHistory = (metric: string, span: Span): History => {
  const { actions } = useRoom();
  const bounds = useBounds();
  const [history, setHistory] = useState<History>('loading');
  const round = useNow((now) => Math.floor(now / refreshMs));
  const key = JSON.stringify(span);
  useEffect(() => {
    let current = true;
    const { from, to } = rangeOf(JSON.parse(key) as Span, bounds());
    actions.history(metric, from, to, pointsAsked).then(
      (points) => current && setHistory({ from, to, points }),
      () => current && setHistory((was) => (was === 'loading' ? 'failed' : was)),
    );
    return () => {
      current = false;
    };
  }, [actions, metric, key, round, bounds]);
  return history;
};

type ToolsProps = { readonly span: Span; readonly shown: Range | null; readonly onSpan: (span: Span) => void };

/** Every way to another stretch, for the mouse and for the keyboard alike. */
const Tools = ({ span, shown, onSpan }: ToolsProps) => {
  const bounds = useBounds();
  const change = (to: (range: Range, all: Range) => Range) => (): void => {
    if (shown !== null) onSpan({ kind: 'chosen', ...to(shown, bounds()) });
  };
  const tools = [
    { label: 'Zoom in', sign: '+', act: change((range, all) => zoomed(range, 0.5, all)) },
    { label: 'Zoom out', sign: '−', act: change((range, all) => zoomed(range, 2, all)) },
    { label: 'Earlier', sign: '←', act: change((range, all) => moved(range, -0.5, all)) },
    { label: 'Later', sign: '→', act: change((range, all) => moved(range, 0.5, all)) },
  ];
  return (
    <>
      <div className="row" role="group" aria-label="Stretch of time">
        {spans.map(({ label, ms }) => (
          <button
            key={label}
            aria-pressed={span.kind === 'last' && span.ms === ms}
            onClick={() => onSpan({ kind: 'last', ms })}
          >
            {label}
          </button>
        ))}
      </div>
      <div className="row" role="group" aria-label="Zoom">
        {tools.map(({ label, sign, act }) => (
          <button key={label} aria-label={label} title={label} disabled={shown === null} onClick={act}>
            {sign}
          </button>
        ))}
        {span.kind === 'chosen' && (
          <span className="muted small" aria-hidden="true">
            {clockTime(span.from)}–{clockTime(span.to)}
          </span>
        )}
      </div>
    </>
  );
};

/** What a reader of the screen hears of a stretch that was chosen; of one that runs on, its name alone. */
const stretchWords = (span: Span, shown: Exclude<History, string> | null, spec: MetricSpec): string => {
  if (span.kind === 'last') return spans.find(({ ms }) => ms === span.ms)?.label ?? '';
  // What is shown is still the stretch before, until the points of this one have come.
  if (shown === null || shown.from !== span.from || shown.to !== span.to) return '';
  const stretch = `${clockTime(shown.from)} to ${clockTime(shown.to)}`;
  if (shown.points.length === 0) return `${stretch}: no samples`;
  const values = shown.points.map(([, value]) => value);
  const said = (value: number): string => formatValue(value, spec.unit, Math.max(spec.digits, 1));
  return `${stretch}: from ${said(Math.min(...values))} to ${said(Math.max(...values))}`;
};

type FrameProps = {
  readonly label: string;
  readonly said: string;
  readonly onStep: (key: string) => boolean;
  readonly children: ReactNode;
};

/**
 * Takes the focus for the chart's keys and keeps it, whatever is drawn in it. An application by its role: a screen reader
 * leaves the arrows to it.
 */
const Frame = ({ label, said, onStep, children }: FrameProps) => {
  const frame = useRef<HTMLDivElement>(null);
  const step = useEffectEvent(onStep);
  useEffect(() => {
    const element = frame.current;
    const pressed = (event: KeyboardEvent): void => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (plain && event.target === element && step(event.key)) event.preventDefault();
    };
    element?.addEventListener('keydown', pressed);
    return () => element?.removeEventListener('keydown', pressed);
  }, []);
  return (
    <div
      ref={frame}
      className="chart-frame"
      role="application"
      aria-roledescription="chart"
      aria-label={`Chart of ${label}. ${chartKeys.map((each) => `${each.shown} ${each.label.toLowerCase()}`).join(', ')}.`}
      tabIndex={0}
    >
      {children}
      <p className="chart-keys" aria-hidden="true">
        {chartKeys.map((each) => (
          <span key={each.shown}>
            <kbd>{each.shown}</kbd> {each.label}
          </span>
        ))}
      </p>
      <span className="sr" role="status">
        {said}
      </span>
    </div>
  );
};

const MarkList = ({ marks }: { readonly marks: readonly Mark[] }) =>
  marks.length === 0 ? null : (
    <details className="samples">
      <summary>What is marked ({marks.length})</summary>
      <ol className="scroll" tabIndex={0} aria-label="Marks, oldest first">
        {marks.map(({ at, label, said }) => (
          <li key={`${at} ${said ?? label}`}>
            <time>{clockTime(at)}</time> {said ?? label}
          </li>
        ))}
      </ol>
    </details>
  );

const Raw = ({
  metric,
  spec,
  range,
}: {
  readonly metric: string;
  readonly spec: MetricSpec;
  readonly range: Range;
}) => {
  /** The stretch as it was when the table was opened: rows must not run away under the eye. */
  const [opened, setOpened] = useState<Range | null>(null);
  return (
    <details className="samples" onToggle={(event) => setOpened(event.currentTarget.open ? (opened ?? range) : null)}>
      <summary>
        Samples as taken
        {opened !== null && `, ${clockMinute(opened.from)} to ${clockTime(opened.to)}`}
      </summary>
      {opened !== null && (
        <SamplesTable key={`${opened.from} ${opened.to}`} metric={metric} spec={spec} range={opened} />
      )}
    </details>
  );
};

type PictureProps = {
  readonly history: History;
  readonly spec: MetricSpec;
  readonly marks: readonly Mark[];
  readonly baseline: number | null;
  readonly onSelect: (from: number, to: number) => void;
};

const Picture = ({ history, spec, marks, baseline, onSelect }: PictureProps) => {
  if (history === 'loading') return <div className="history skeleton" role="status" aria-label="Loading history" />;
  if (history === 'failed')
    return <p className="history muted">The history could not be read. It is tried again every few seconds.</p>;
  if (history.points.length === 0) return <p className="history muted">No samples in this stretch of time.</p>;
  return (
    <Suspense fallback={<div className="history skeleton" />}>
      <HistoryChart {...{ spec, marks, baseline, onSelect }} {...history} />
    </Suspense>
  );
};

type Props = { readonly id: string; readonly spec: MetricSpec };

/** A metric over time: what it was, against which lines, what happened meanwhile, and every sample of it. */
export const MetricChart = ({ id, spec }: Props) => {
  const [span, setSpan] = useState<Span>({ kind: 'last', ms: dayMs });
  const bounds = useBounds();
  const history = useHistory(id, span);
  const shown = typeof history === 'string' ? null : history;
  const marks = useMarks(shown ?? { from: 0, to: 0 }, spec.label);
  const baseline = useRun((run) => baselineOf(run, id));
  return (
    <>
      <div className="metric-tools">
        <Tools span={span} shown={shown} onSpan={setSpan} />
      </div>
      <Frame
        label={spec.label}
        said={stretchWords(span, shown, spec)}
        onStep={(key) => {
          const next = shown === null ? null : chartStep(key, shown, bounds());
          if (next !== null) setSpan(next);
          return next !== null;
        }}
      >
        <Picture
          {...{ history, spec, marks, baseline }}
          onSelect={(a, b) => setSpan({ kind: 'chosen', ...chosen(a, b, bounds()) })}
        />
      </Frame>
      {shown !== null && <MarkList marks={marks} />}
      {shown !== null && <Raw metric={id} spec={spec} range={shown} />}
    </>
  );
};

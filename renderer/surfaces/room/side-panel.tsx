import { memo, useState } from 'react';
import type { Health, HealthState } from '../../../shared/health.ts';
import { Age, Since } from '../../parts/age.tsx';
import { Glyph, stateWord, toneOf } from '../../parts/glyph.tsx';
import { MetricTile } from '../../parts/metric-tile.tsx';
import { DueList } from '../clock/due-list.tsx';
import { baselineOf } from '../../run-view.ts';
import { FaultPanel } from './fault-panel.tsx';
import { useRoom, useRun } from './room-context.tsx';
import { patch } from './room-ui.ts';
import './side-panel.css';

const shownAlarms = 4;
const noPoints = [] as const;

type Alarm = { readonly id: string; readonly kind: 'metric' | 'probe'; readonly label: string; readonly todo: string };

/** What fails and has a person's next step written down: only that is an alarm; the rest colours its tile. */
const useAlarms = (): { readonly alarms: readonly Alarm[] } => {
  const key = useRun(({ context: { target }, metrics, probes }) => {
    const failing = (
      specs: Readonly<Record<string, { readonly todo?: string | undefined }>>,
      health: ReadonlyMap<string, Health>,
    ) =>
      Object.entries(specs).flatMap(([id, spec]) =>
        spec.todo !== undefined && health.get(id)?.state === 'fail' ? [id] : [],
      );
    return `${failing(target.metrics, metrics).join(' ')}|${failing(target.probes, probes).join(' ')}`;
  });
  const target = useRun(({ context }) => context.target);
  const [metrics = '', probes = ''] = key.split('|');
  const list = (ids: string, kind: Alarm['kind']): Alarm[] =>
    ids
      .split(' ')
      .filter((id) => id !== '')
      .flatMap((id) => {
        const spec = kind === 'metric' ? target.metrics[id] : target.probes[id];
        return spec === undefined ? [] : [{ id, kind, label: spec.label, todo: spec.todo ?? '' }];
      });
  return { alarms: [...list(probes, 'probe'), ...list(metrics, 'metric')] };
};

const AlarmCard = ({ alarm }: { readonly alarm: Alarm }) => {
  const { ui } = useRoom();
  const health = useRun((run) => (alarm.kind === 'metric' ? run.metrics : run.probes).get(alarm.id));
  const since = useRun(({ room }) => room.health.get(alarm.id)?.since ?? null);
  return (
    <li>
      <button className="alarm" onClick={() => patch(ui, { dialog: { kind: alarm.kind, id: alarm.id } })}>
        <Glyph name="fail" />
        <b>
          {alarm.label}
          {health !== undefined && health.text !== '' && `: ${health.text}`}
        </b>
        <span className="alarm-since">{since !== null && <Since at={since} />}</span>
        <span className="alarm-todo">{alarm.todo}</span>
      </button>
    </li>
  );
};

const Alarms = () => {
  const { alarms } = useAlarms();
  if (alarms.length === 0) return null;
  return (
    <section aria-label="Needs somebody">
      <ul className="alarms">
        {alarms.slice(0, shownAlarms).map((alarm) => (
          <AlarmCard key={`${alarm.kind} ${alarm.id}`} alarm={alarm} />
        ))}
        {alarms.length > shownAlarms && <li className="muted small">and {alarms.length - shownAlarms} more</li>}
      </ul>
    </section>
  );
};

const Tile = memo(({ id }: { readonly id: string }) => {
  const { ui, link } = useRoom();
  const spec = useRun(({ context }) => context.target.metrics[id]);
  const health = useRun(({ metrics }) => metrics.get(id));
  const points = useRun((run) => run.points.get(id) ?? noPoints);
  const baseline = useRun((run) => baselineOf(run, id));
  const [open] = useState(() => () => patch(ui, { dialog: { kind: 'metric', id } }));
  return spec === undefined ? null : (
    <MetricTile spec={spec} health={health} points={points} baseline={baseline} old={link === 'lost'} onOpen={open} />
  );
});

const calm: readonly HealthState[] = ['ok', 'pending', 'absent'];

/** How many there are of each state, in words: a wall of tiles summed up in one line. */
const summary = (states: readonly HealthState[]): string =>
  [...new Set(states)]
    .toSorted((a, b) => states.filter((s) => s === b).length - states.filter((s) => s === a).length)
    .map((state) => `${states.filter((s) => s === state).length} ${stateWord(state)}`)
    .join(' · ');

const Tiles = () => {
  const [only, setOnly] = useState(false);
  const specs = useRun(({ context }) => context.target.metrics);
  const ids = Object.keys(specs);
  const states = useRun(({ metrics }) => ids.map((id) => metrics.get(id)?.state ?? 'pending').join(' ')).split(
    ' ',
  ) as HealthState[];
  const loud = ids.filter((_, at) => !calm.includes(states[at] ?? 'pending'));
  if (ids.length === 0)
    return <p className="muted small">This target measures nothing yet. Metrics are added in the target file.</p>;
  return (
    <section aria-label="Metrics">
      <header className="side-head">
        <h2>Metrics</h2>
        <span className="side-summary">{summary(states)}</span>
        {(loud.length > 0 || only) && (
          <button className="quiet" aria-pressed={only} onClick={() => setOnly(!only)}>
            Not ok {loud.length}
          </button>
        )}
      </header>
      <div className="tiles">
        {(only ? loud : ids).map((id) => (
          <Tile key={id} id={id} />
        ))}
      </div>
    </section>
  );
};

const ProbeLine = memo(({ id }: { readonly id: string }) => {
  const { ui } = useRoom();
  const label = useRun(({ context }) => context.target.probes[id]?.label ?? id);
  const health = useRun(({ probes }) => probes.get(id));
  const state = health?.state ?? 'pending';
  return (
    <li>
      <button
        className="probe"
        data-tone={toneOf(state)}
        title={health?.sentence}
        onClick={() => patch(ui, { dialog: { kind: 'probe', id } })}
      >
        <Glyph name={state} label={stateWord(state)} />
        <span className="probe-label">{label}</span>
        <span className="probe-text">{state === 'ok' ? (health?.text ?? '') : stateWord(state)}</span>
        <Age at={health?.at ?? null} />
      </button>
    </li>
  );
});

const Probes = () => {
  const ids = useRun(({ context }) => context.target.probes);
  return (
    <section aria-label="Probes">
      <header className="side-head">
        <h2>Probes</h2>
      </header>
      <ul className="probes">
        {Object.keys(ids).map((id) => (
          <ProbeLine key={id} id={id} />
        ))}
      </ul>
    </section>
  );
};

/** After the end nothing is measured any more; what was measured can still be looked at. */
const ClosedMetrics = () => {
  const { ui } = useRoom();
  const specs = useRun(({ context }) => context.target.metrics);
  return (
    <section aria-label="Metrics">
      <header className="side-head">
        <h2>Metrics</h2>
      </header>
      <p className="muted small">This run is closed: nothing is measured any more. Press one for its history.</p>
      <ul className="probes">
        {Object.entries(specs).map(([id, spec]) => (
          <li key={id}>
            <button className="probe" onClick={() => patch(ui, { dialog: { kind: 'metric', id } })}>
              <span className="probe-label">{spec.label}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** What machines say: what needs somebody first, then every metric and every probe in the target's own order, which never changes under the cursor. */
export const SidePanel = () => {
  const practice = useRun(({ room }) => room.started?.practice ?? false);
  const closed = useRun(({ room }) => room.closed !== null);
  return (
    <aside className="side scroll" aria-label="Health" tabIndex={-1}>
      {closed ? (
        <ClosedMetrics />
      ) : (
        <>
          {practice && <FaultPanel />}
          <Alarms />
          <DueList />
          <Tiles />
          <Probes />
        </>
      )}
    </aside>
  );
};

import { memo, useState } from 'react';
import type { ReactNode } from 'react';
import { formatNumber } from '../../../shared/format.ts';
import type { HealthState } from '../../../shared/health.ts';
import { Age } from '../../parts/age.tsx';
import { Glyph, stateWord, toneOf } from '../../parts/glyph.tsx';
import { MetricTile } from '../../parts/metric-tile.tsx';
import { Running } from '../../parts/running.tsx';
import { useLowWindow } from '../../low-window.ts';
import { AlarmPanel } from '../alarms/alarm-panel.tsx';
import { useShown } from '../alarms/use-shown.ts';
import { DueList } from '../clock/due-list.tsx';
import { ShiftOffered } from '../clock/shift-offered.tsx';
import { IncidentsPanel } from '../incidents/incidents-panel.tsx';
import { baselineOf } from '../../run-view.ts';
import { FaultPanel } from './fault-panel.tsx';
import { Many, inOrder } from './many.tsx';
import { useRoom, useRun } from './room-context.tsx';
import { TypedValue } from '../metric/typed-value.tsx';
import { patch } from './room-ui.ts';
import './side-panel.css';

const noPoints = [] as const;

const Tile = memo(({ id }: { readonly id: string }) => {
  const { ui, link, operates } = useRoom();
  const spec = useRun(({ context }) => context.target.metrics[id]);
  const probe = useRun(({ context }) => context.target.probes[context.target.metrics[id]?.probe ?? '']);
  const health = useRun(({ metrics }) => metrics.get(id));
  const points = useRun((run) => run.points.get(id) ?? noPoints);
  const baseline = useRun((run) => baselineOf(run, id));
  const underWay = useRun((run) => run.underWay.get(spec?.probe ?? ''));
  const [open] = useState(() => () => patch(ui, { dialog: { kind: 'metric', id } }));
  if (spec === undefined) return null;
  const tile = <MetricTile {...{ spec, health, points, baseline, underWay }} old={link === 'lost'} onOpen={open} />;
  return probe?.kind === 'manual' && operates ? (
    <div className="tile-typed">
      {tile}
      <TypedValue probe={spec.probe} spec={probe} />
    </div>
  ) : (
    tile
  );
});

const calm: readonly HealthState[] = ['ok', 'pending', 'absent'];

/** More kinds than this do not fit into one line as words. */
const mostWords = 2;

/** How many there are of each state, the most first: a wall of tiles summed up in one line. */
const Summary = ({ states }: { readonly states: readonly HealthState[] }) => {
  const counts = [...Map.groupBy(states, (state) => state)].toSorted(([, a], [, b]) => b.length - a.length);
  if (counts.length <= mostWords)
    return (
      <span className="side-summary">
        {counts.map(([state, of]) => `${formatNumber(of.length)} ${stateWord(state)}`).join(' · ')}
      </span>
    );
  return (
    <span className="side-summary side-counts">
      {counts.map(([state, of]) => (
        <span key={state} title={`${formatNumber(of.length)} ${stateWord(state)}`}>
          {formatNumber(of.length)} <Glyph name={state} label={stateWord(state)} />
        </span>
      ))}
    </span>
  );
};

/** How each of these stands now. */
const useStates = (ids: readonly string[], of: 'probes' | 'metrics'): readonly HealthState[] =>
  useRun((run) => ids.map((id) => run[of].get(id)?.state ?? 'pending').join(' ')).split(' ') as HealthState[];

type SectionProps = { readonly title: string; readonly beside?: ReactNode; readonly children: ReactNode };
const SideSection = ({ title, beside, children }: SectionProps) => (
  <section aria-label={title}>
    <header className="side-head">
      <h2>{title}</h2>
      {beside}
    </header>
    {children}
  </section>
);

const Tiles = () => {
  const [only, setOnly] = useState(false);
  const specs = useRun(({ context }) => context.target.metrics);
  const probes = useRun(({ context }) => Object.keys(context.target.probes).length);
  const ids = Object.keys(specs);
  const states = useStates(ids, 'metrics');
  const loud = new Set(ids.filter((_, at) => !calm.includes(states[at] ?? 'pending')));
  const ordered = inOrder(ids, states);
  if (ids.length === 0)
    return (
      <SideSection title="Metrics">
        <p className="muted small">
          This target measures nothing{probes === 0 && ': every item is a person’s'}. With probes and metrics in the
          target file, items answer for themselves and their numbers stand here.
        </p>
      </SideSection>
    );
  return (
    <SideSection
      title="Metrics"
      beside={
        <>
          <Summary states={states} />
          {(loud.size > 0 || only) && (
            <button className="quiet" aria-pressed={only} onClick={() => setOnly(!only)}>
              Not ok {formatNumber(loud.size)}
            </button>
          )}
        </>
      }
    >
      <Many
        ids={only ? ordered.filter((id) => loud.has(id)) : ordered}
        labelOf={(id) => specs[id]?.label ?? id}
        noun="metric"
      >
        {(shown) => (
          <div className="tiles">
            {shown.map((id) => (
              <Tile key={id} id={id} />
            ))}
          </div>
        )}
      </Many>
    </SideSection>
  );
};

const ProbeLine = memo(({ id }: { readonly id: string }) => {
  const { ui } = useRoom();
  const label = useRun(({ context }) => context.target.probes[id]?.label ?? id);
  const health = useRun(({ probes }) => probes.get(id));
  const underWay = useRun((run) => run.underWay.get(id));
  const state = health?.state ?? 'pending';
  const word = state === 'ok' ? (health?.text ?? '') : stateWord(state);
  return (
    <li>
      <button
        className="probe"
        data-tone={toneOf(state)}
        title={health?.sentence}
        onClick={() => patch(ui, { dialog: { kind: 'probe', id } })}
      >
        <Glyph name={underWay === undefined ? state : 'running'} label={stateWord(state)} />
        <span className="probe-label">{label}</span>
        <span className="probe-text">{underWay === undefined ? word : <Running since={underWay.since} />}</span>
        <Age at={health?.at ?? null} />
      </button>
    </li>
  );
});

const Probes = () => {
  const specs = useRun(({ context }) => context.target.probes);
  const ids = Object.keys(specs);
  const states = useStates(ids, 'probes');
  if (ids.length === 0) return null;
  return (
    <SideSection title="Probes">
      <Many ids={inOrder(ids, states)} labelOf={(id) => specs[id]?.label ?? id} noun="probe">
        {(shown) => (
          <ul className="probes">
            {shown.map((id) => (
              <ProbeLine key={id} id={id} />
            ))}
          </ul>
        )}
      </Many>
    </SideSection>
  );
};

/** After the end nothing is measured any more; what was measured can still be looked at. */
const ClosedMetrics = () => {
  const { ui } = useRoom();
  const specs = useRun(({ context }) => context.target.metrics);
  const labelOf = (id: string): string => specs[id]?.label ?? id;
  return (
    <SideSection title="Metrics">
      <p className="muted small">
        {Object.keys(specs).length === 0
          ? 'This run is closed, and nothing was measured in it.'
          : 'This run is closed: nothing is measured any more. Press one for its history.'}
      </p>
      <Many ids={Object.keys(specs)} labelOf={labelOf} noun="metric">
        {(shown) => (
          <ul className="probes">
            {shown.map((id) => (
              <li key={id}>
                <button className="probe" onClick={() => patch(ui, { dialog: { kind: 'metric', id } })}>
                  <span className="probe-label">{labelOf(id)}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Many>
    </SideSection>
  );
};

/** What machines say: what needs somebody first, then every metric and every probe in the target's own order. */
export const SidePanel = () => {
  const practice = useRun(({ room }) => room.started?.practice ?? false);
  const closed = useRun(({ room }) => room.closed !== null);
  const alarms = useShown().groups.length > 0;
  // The metrics are what everybody looks for when something rings: what stands above them makes room.
  const tight = useLowWindow() && alarms;
  return (
    <aside className="side scroll" aria-label="Health" tabIndex={-1} data-tight={tight}>
      {closed ? (
        <ClosedMetrics />
      ) : (
        <>
          {practice && <FaultPanel tight={tight} />}
          <AlarmPanel tight={tight} />
          <IncidentsPanel />
          <ShiftOffered />
          <DueList tight={tight} />
          <Tiles />
          <Probes />
        </>
      )}
    </aside>
  );
};

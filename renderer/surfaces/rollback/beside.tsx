import { baselineOf } from '../../run-view.ts';
import { useState } from 'react';
import type { Rollback } from '../../../shared/projections/rollback.ts';
import { formatSpan } from '../../../shared/format.ts';
import type { ClusterNow, PodNow } from '../../../shared/rollback/contract.ts';
import { Age } from '../../parts/age.tsx';
import { Glyph, stateWord, toneOf } from '../../parts/glyph.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import { useStore } from '../../store.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { useCalls, useFollowing } from './rollback-scope.ts';

/** What tells a pod from the others of its set: the end of its name. */
const ownName = ({ name, set }: PodNow): string =>
  set !== '' && name.startsWith(`${set}-`) ? name.slice(set.length + 1) : name;

const Pod = ({ pod }: { readonly pod: PodNow }) => (
  <li className="rb-pod" data-ready={pod.ready} data-behind={pod.behind} title={`${pod.name}: ${pod.state}`}>
    <Glyph name={pod.ready ? (pod.behind ? 'ok' : 'pending') : 'unknown'} />
    <span className="mono">{ownName(pod)}</span>
    <small>{pod.ready ? (pod.behind ? 'serves' : 'ready') : pod.state}</small>
  </li>
);

/** Pods of one kind under their name and version, those that serve first: a rollback has two kinds beside each other. */
const PodSets = ({ pods }: { readonly pods: readonly PodNow[] }) =>
  [...Map.groupBy(pods, (pod) => pod.set)].map(([set, own]) => {
    const [first] = own;
    if (first === undefined) return null;
    const name = first.deployment || set || 'Without a set';
    return (
      <div key={set}>
        <h3 className="rb-set">
          {name}
          {first.version !== '' && <code>{first.version}</code>}
        </h3>
        <ul className="rb-pods" aria-label={`Pods: ${name} ${first.version}`.trim()}>
          {own.map((pod) => (
            <Pod key={pod.name} pod={pod} />
          ))}
        </ul>
      </div>
    );
  });

/** The pods of this namespace: who gets the traffic now, and who is on the way. */
const Pods = () => {
  const { client, runId } = useCalls();
  const kubernetes = useRun(({ context }) => context.target.rollback?.kubernetes ?? null);
  const [now, setNow] = useState<ClusterNow | null>(null);
  useFollowing(kubernetes === null ? null : (signal) => client.pods({ runId }, { signal }), setNow, runId);
  if (kubernetes === null) return null;
  const pods = (now?.pods ?? []).toSorted(
    (a, b) => Number(b.behind) - Number(a.behind) || a.name.localeCompare(b.name),
  );
  // Where nobody could look, none is not what was seen.
  const behind = now === null || now.sentence !== '' ? null : pods.filter((pod) => pod.behind).length;
  return (
    <section>
      <h2>
        Ready behind {kubernetes.service} <b data-bad={behind === 0}>{behind ?? (now === null ? '…' : 'not known')}</b>
      </h2>
      {now !== null && now.sentence !== '' && <p className="rb-note small">{now.sentence}</p>}
      <PodSets pods={pods} />
      {now !== null && (
        <small className="muted">
          Looked <Age at={now.at} suffix=" ago" />
        </small>
      )}
    </section>
  );
};

const shownMetrics = 5;

/** The values that the plan waits for and those marked critical, with their last minutes. */
const Live = ({ rollback }: { readonly rollback: Rollback | null }) => {
  const view = useRun(
    (run) => run,
    (a, b) => a.metrics === b.metrics && a.probes === b.probes && a.points === b.points,
  );
  const { target } = view.context;
  const named = new Set((rollback?.steps ?? []).flatMap((step) => [step.with['probes'], step.with['metrics']].flat()));
  const wanted = (id: string, critical: boolean): boolean => critical || named.has(id);
  const metrics = Object.entries(target.metrics).filter(([id, spec]) => wanted(id, spec.critical));
  const probes = Object.entries(target.probes).filter(([id, spec]) => wanted(id, spec.critical));
  const rows = [
    ...metrics.map(([id, spec]) => ({ id, spec, label: spec.label, health: view.metrics.get(id) })),
    ...probes.map(([id, spec]) => ({ id, spec: null, label: spec.label, health: view.probes.get(id) })),
  ].slice(0, shownMetrics);
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>Live</h2>
      <ul className="rb-live">
        {rows.map(({ id, spec, label, health }) => (
          <li key={id} data-tone={toneOf(health?.state ?? 'pending')}>
            <Glyph name={health?.state ?? 'pending'} label={stateWord(health?.state ?? 'pending')} />
            <span>{label}</span>
            <b className="mono">
              {health?.text === undefined || health.text === '' ? stateWord(health?.state ?? 'pending') : health.text}
            </b>
            {spec !== null && (
              <Sparkline
                points={view.points.get(id) ?? []}
                target={spec.target}
                alert={spec.alert}
                baseline={baselineOf(view, id)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

const order = { fail: 0, warn: 1, ok: 2 } as const;

/** Every preflight answer with its words and its time; what needs a look stands first. */
const Preflight = ({ rollback }: { readonly rollback: Rollback }) => {
  const { preflight } = rollback;
  if (preflight === null) return null;
  const good = preflight.checks.filter(({ state }) => state !== 'fail').length;
  const weigh = preflight.checks.filter(({ state }) => state === 'warn').length;
  const checks = preflight.checks.toSorted((a, b) => order[a.state] - order[b.state]);
  return (
    <section>
      <h2>
        Preflight{' '}
        <span data-tone={preflight.passed ? 'ok' : 'fail'}>
          {good} of {checks.length}
        </span>
        {weigh > 0 && <small>{weigh} to weigh</small>}
      </h2>
      <ul className="rb-checks">
        {checks.map((check) => (
          <li key={check.id} data-state={check.state}>
            <Glyph name={check.state} label={check.state} />
            <span>
              {check.label}
              <small className="muted">{check.sentence}</small>
            </span>
            <span className="mono muted">{formatSpan(check.tookMs)}</span>
          </li>
        ))}
      </ul>
      {preflight.evidence.length > 0 && (
        <p className="small muted">Evidence kept: {preflight.evidence.map(({ name }) => name).join(', ')}</p>
      )}
    </section>
  );
};

/** In practice: what can go wrong with a cluster, to see what the preflight, the guard and the steps make of it. */
const Rehearse = () => {
  const { practice, actions, operates } = useRoom();
  const faults = useStore(practice, (state) => state?.clusterFaults ?? null);
  if (faults === null || faults.length === 0 || !operates) return null;
  return (
    <section>
      <h2>Rehearse: break the cluster</h2>
      <div className="row">
        {faults.map(({ name, label, sentence, level }) => (
          <button
            key={name}
            aria-pressed={level > 0}
            title={sentence}
            onClick={() => void actions.setFault(name, level > 0 ? 0 : 1)}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  );
};

/** What to keep an eye on beside the steps. */
export const Beside = ({ rollback }: { readonly rollback: Rollback | null }) => (
  <aside className="rb-beside scroll" aria-label="What it does" tabIndex={0}>
    <Pods />
    <Live rollback={rollback} />
    <Rehearse />
    {rollback !== null && <Preflight rollback={rollback} />}
  </aside>
);

import { useState } from 'react';
import { undecidedStep } from '../../../shared/projections/rollback.ts';
import type { Rollback as RollbackView } from '../../../shared/projections/rollback.ts';
import type { RollbackPlan } from '../../../shared/rollback/contract.ts';
import type { Purpose } from '../../../shared/rollback/plan.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { useNow } from '../../now.ts';
import { clockTime, span } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { Authorised, Authority } from './authority.tsx';
import { Beside } from './beside.tsx';
import { Confirm } from './confirm.tsx';
import { Course } from './course.tsx';
import { Propose } from './propose.tsx';
import { Recovery } from './recovery.tsx';
import { useCalls, usePlan, useRollback } from './rollback-scope.ts';
import { Steps } from './steps.tsx';
import './rollback.css';
import './steps.css';

const titles = { rollback: 'Rollback', deploy: 'Deployment' } as const;

/** From the confirmation on, by the host's clock: how long it has been running, or how long it took. */
const Elapsed = ({ rollback }: { readonly rollback: RollbackView }) => {
  const words = useNow((now) =>
    rollback.confirmed === null ? '' : span((rollback.finishedAt ?? now) - rollback.confirmed.at),
  );
  return words === '' ? null : <span className="rb-clock mono">{words}</span>;
};

const Where = ({ rollback }: { readonly rollback: RollbackView | null }) => {
  const target = useRun(({ context }) => context.target);
  const pinned = useRun(({ rollbacks }) => rollbacks.pinned);
  const place = rollback?.preflight?.place ?? null;
  const identity = place?.identity ?? pinned?.identity ?? null;
  const namespace = place?.namespace ?? target.rollback?.kubernetes?.namespace ?? null;
  return (
    <span className="rb-where muted">
      <b>
        {place?.service ?? target.service} @ {place?.cluster ?? target.cluster ?? target.environment}
      </b>
      {namespace !== null && ` · namespace ${namespace}`}
      {identity !== null && (
        <span className="mono" title={identity}>
          {' '}
          · identity {identity.slice(0, 4)}…{identity.slice(-4)}
        </span>
      )}
    </span>
  );
};

const Lost = () => {
  const { link } = useRoom();
  return link === 'live' ? null : (
    <span className="rb-lost" role="status">
      <Glyph name="stale" /> Not connected: this is how it was. What runs goes on.
    </span>
  );
};

const Head = ({ rollback, purpose }: { readonly rollback: RollbackView | null; readonly purpose: Purpose }) => {
  const { ui } = useRoom();
  const environment = useRun(({ room, context }) => room.started?.environment ?? context.target.environment);
  const from = rollback?.preflight?.from ?? rollback?.proposed.from;
  const to = rollback?.preflight?.to ?? rollback?.proposed.to;
  return (
    <header className="rb-head" data-purpose={purpose}>
      <button className="quiet" onClick={() => patch(ui, { turnedTo: null })}>
        ← Room
      </button>
      <h1>{titles[purpose]}</h1>
      <span className="environment" data-environment={environment}>
        {environment}
      </span>
      {from !== undefined && to !== undefined && (
        <span className="rb-fromto mono">
          <b>{from}</b> → <b>{to}</b>
        </span>
      )}
      <Where rollback={rollback} />
      <Lost />
      <span className="grow" />
      {rollback !== null && <Elapsed rollback={rollback} />}
      {rollback !== null && <Course rollback={rollback} />}
    </header>
  );
};

/** Deploying stays locked after a rollback until a person says why it may be tried again. */
const Lock = () => {
  const lock = useRun(({ rollbacks }) => rollbacks.lock);
  const { service, environment } = useRun(({ context }) => context.target);
  const { operates } = useRoom();
  const { client, runId, taken } = useCalls();
  const [open, setOpen] = useState(false);
  if (lock === null) return null;
  return (
    <div className="rb-band" data-tone="warn">
      <Glyph name="warn" />
      <p>
        <b>Deploying is locked</b> since {clockTime(lock.at)}. {lock.reason}
      </p>
      {operates && <button onClick={() => setOpen(true)}>Unlock…</button>}
      {open && (
        <Dialog
          title="Unlock deploying"
          lead={`Locked since ${clockTime(lock.at)}: “${lock.reason}”. Once it is unlocked, deployments of ${service} to ${environment} can be armed again, in this run and in later ones.`}
          onClose={() => setOpen(false)}
        >
          <ReasonForm
            label="Why is it safe to deploy again?"
            action="Unlock"
            onCancel={() => setOpen(false)}
            onSend={(reason) => taken(client.unlock({ runId, reason }))}
          />
        </Dialog>
      )}
    </div>
  );
};

const bands: Partial<
  Record<RollbackView['state'], { readonly tone: 'fail' | 'warn' | 'ok' | 'run'; readonly words: string }>
> = {
  proposed: { tone: 'run', words: 'Everything is looked at; nothing changes. Ten seconds at most.' },
  blocked: { tone: 'fail', words: 'The preflight stopped it. Nothing was changed.' },
  held: { tone: 'warn', words: 'Held.' },
  aborted: { tone: 'fail', words: 'Aborted.' },
  finished: { tone: 'ok', words: '' },
};
const bandGlyph = { fail: 'fail', warn: 'warn', ok: 'ok', run: 'running' } as const;

/** It was gone back by other means: whoever comes here to do it has to read that first. */
const Outside = () => {
  const outside = useRun(({ rollbacks }) => rollbacks.outside);
  const { ui, operates } = useRoom();
  if (outside === null) return null;
  const tone = outside.recovery?.back === false ? 'fail' : 'warn';
  return (
    <div className="rb-band" data-tone={tone} role="status">
      <Glyph name={bandGlyph[tone]} />
      <div className="rb-said">
        <p>
          <b>It was rolled back outside of War Room</b> by {outside.who} at {clockTime(outside.at)}: “{outside.reason}”
        </p>
        <Recovery of={{ steps: [], recovery: outside.recovery }} />
        <p className="muted small">Look what runs now before you change anything here.</p>
      </div>
      {operates && <button onClick={() => patch(ui, { dialog: { kind: 'outside' } })}>Correct…</button>}
    </div>
  );
};

type Tone = NonNullable<(typeof bands)[RollbackView['state']]>['tone'];

/** Going back is a success once the service is back, and not before. */
const toneNow = ({ state, proposed, recovery }: RollbackView, tone: Tone): Tone =>
  state !== 'finished' || proposed.purpose === 'deploy'
    ? tone
    : recovery === null
      ? 'run'
      : recovery.back
        ? 'ok'
        : 'fail';

const Band = ({ rollback }: { readonly rollback: RollbackView }) => {
  const { client, runId, taken } = useCalls();
  const { operates } = useRoom();
  const [busy, setBusy] = useState(false);
  const band = bands[rollback.state];
  const undecided = rollback.state === 'held' ? undecidedStep(rollback) : null;
  const check = async (): Promise<void> => {
    setBusy(true);
    await taken(client.check({ runId, rollback: rollback.id }));
    setBusy(false);
  };
  // The first look starts by itself; only one that was lost on the way has to be asked for again.
  const lost = useNow((now) => rollback.state === 'proposed' && now - rollback.proposed.at > 12_000);
  if (band === undefined) return null;
  const again = rollback.state === 'blocked' || lost;
  const tone = toneNow(rollback, band.tone);
  return (
    <div className="rb-band" data-tone={tone} role="status">
      <Glyph name={bandGlyph[tone]} />
      <div className="rb-said">
        <p>
          <b>{band.words === '' ? `${rollback.sentence}.` : band.words}</b>{' '}
          {band.words === '' ? null : rollback.sentence}
          {undecided !== null && ` Say at step ${undecided.id} what you see; then Continue.`}
        </p>
        {rollback.state === 'finished' && rollback.proposed.purpose === 'rollback' && <Recovery of={rollback} />}
      </div>
      {again && operates && (
        <button disabled={busy} onClick={() => void check()}>
          {busy ? 'Checking…' : 'Check again'}
        </button>
      )}
    </div>
  );
};

/** Nothing was pinned before the deployment: a person may say that this is the cluster, with their name to it. */
const Trust = ({ rollback }: { readonly rollback: RollbackView }) => {
  const { client, runId, taken } = useCalls();
  const { operates } = useRoom();
  const pinned = useRun(({ rollbacks }) => rollbacks.pinned !== null);
  if (pinned || !operates) return null;
  const trust = (): Promise<void> => client.pin({ runId }).then(() => client.check({ runId, rollback: rollback.id }));
  return <button onClick={() => void taken(trust())}>Trust the cluster that answers</button>;
};

const Failed = ({ rollback }: { readonly rollback: RollbackView }) => {
  const failed = rollback.preflight?.checks.filter(({ state }) => state === 'fail') ?? [];
  if (failed.length === 0) return null;
  return (
    <ul className="rb-failed">
      {failed.map((check) => (
        <li key={check.id}>
          <Glyph name="fail" />
          <span>
            <b>{check.label}</b> {check.sentence}
          </span>
          {check.id === 'identity' && <Trust rollback={rollback} />}
        </li>
      ))}
    </ul>
  );
};

const Busy = ({ rollback, plan }: { readonly rollback: RollbackView; readonly plan: RollbackPlan | null }) => {
  const { operates } = useRoom();
  const before = rollback.state === 'ready' || rollback.state === 'armed';
  return (
    <>
      <Band rollback={rollback} />
      <p className="rb-why">
        <Glyph name="note" /> “{rollback.proposed.reason}”{' '}
        <span className="muted">
          {rollback.proposed.by.kind === 'person' ? rollback.proposed.by.name : 'War Room'},{' '}
          {clockTime(rollback.proposed.at)}
        </span>
      </p>
      {before && plan !== null ? <Authority rollback={rollback} plan={plan} /> : <Authorised rollback={rollback} />}
      {rollback.state === 'blocked' && <Failed rollback={rollback} />}
      <Steps rollback={rollback} />
      {before && operates && <Confirm rollback={rollback} />}
    </>
  );
};

/** Going back, or deploying: a room of its own from the proposal to the proof. */
export const RollbackSurface = ({ purpose }: { readonly purpose: Purpose }) => {
  const plan = usePlan();
  const last = useRollback();
  const [again, setAgain] = useState(false);
  const { operates } = useRoom();
  const over = last === null || last.state === 'finished' || last.state === 'aborted';
  const own = last?.proposed.purpose === purpose;
  const shown = over && (again || !own) ? null : last;
  const kind = shown?.proposed.purpose ?? purpose;
  return (
    <div className="rb" data-purpose={kind}>
      <Head rollback={shown} purpose={kind} />
      <main className="rb-main scroll" tabIndex={-1}>
        <Lock />
        {kind === 'rollback' && <Outside />}
        {shown !== null && <Busy rollback={shown} plan={plan} />}
        {shown === null && operates && plan !== null && <Propose plan={plan} purpose={purpose} />}
        {shown !== null && over && operates && (
          <button className="rb-again" onClick={() => setAgain(true)}>
            Propose another
          </button>
        )}
      </main>
      <Beside rollback={shown} />
    </div>
  );
};

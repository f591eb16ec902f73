import { progressOf } from '../../../shared/projections/progress.ts';
import { formatNumber } from '../../../shared/format.ts';
import { outcomeWords } from '../../../shared/outcome.ts';
import { speedOf } from '../../../shared/schedule/run-clock.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { ThemeSwitch } from '../../parts/theme-switch.tsx';
import { useNow } from '../../now.ts';
import { shortTitle } from '../../outline.ts';
import { goToRuns, goToSheet } from '../../route.ts';
import { sameParts } from '../../store.ts';
import { clockTime, span, tClock } from '../../words.ts';
import { dueOf } from '../../run-plan.ts';
import { nowSincePlan, runMoment } from '../../run-time.ts';
import { IncidentCount } from '../incidents/incidents-panel.tsx';
import { NoticesButton } from '../notices/notices-button.tsx';
import { ProposeButtons } from '../rollback/propose-buttons.tsx';
import { AlarmsButton, SoundButton } from '../alarms/alarm-buttons.tsx';
import { useRoom, useRun } from './room-context.tsx';
import { patch } from './room-ui.ts';
import './top-bar.css';

/** The clock of the deployment. Before T-0 is known it offers to set it. */
const Clock = () => {
  const { view, ui, operates } = useRoom();
  const t0 = useRun(({ room }) => room.t0);
  const planned = useRun(({ room }) => room.started?.plannedT0 ?? null);
  const words = useNow((now) => {
    const since = nowSincePlan(view.get().room, now);
    return since === null ? 'T-0 not set' : tClock(since);
  });
  const open = (): void => patch(ui, { dialog: { kind: 't0' } });
  return (
    <div className="clock" data-set={t0 !== null}>
      <span className="clock-face" role="timer" aria-label="Time from T-0">
        {words}
      </span>
      <Speed />
      {operates && (
        <button className={t0 !== null ? 'quiet' : planned === null ? 'primary' : ''} onClick={open}>
          {t0 === null ? 'Set T-0' : 'Correct T-0'}
        </button>
      )}
    </div>
  );
};

const speeds = [1, 10, 60] as const;

/** How fast the clock of a practice run goes; probes keep their own pace. */
const Speed = () => {
  const { actions, operates } = useRoom();
  const speed = useRun(({ room }) => speedOf(room.clock));
  const practice = useRun(({ room }) => room.started?.practice === true);
  if (!practice || !operates) return null;
  return (
    <select
      className="speed"
      aria-label="Speed of the practice clock"
      value={speed}
      onChange={(event) => {
        const wanted = speeds.find((each) => String(each) === event.target.value);
        if (wanted !== undefined) void actions.setSpeed(wanted);
      }}
    >
      {speeds.map((each) => (
        <option key={each} value={each}>
          {each}×
        </option>
      ))}
    </select>
  );
};

const Fact = ({ label, children }: { readonly label: string; readonly children: React.ReactNode }) => (
  <div className="fact">
    <small>{label}</small>
    <span>{children}</span>
  </div>
);

const Progress = () => {
  const { view } = useRoom();
  const all = useRun(({ checklist }) => progressOf(checklist, null), sameParts);
  const overdue = useNow((now) => {
    const due = dueOf(view.get(), now);
    return due === null ? 0 : due.overdue.length + due.missed.length;
  });
  return (
    <>
      <Fact label="Settled">
        {formatNumber(all.settled)} <span className="muted">of {formatNumber(all.items)}</span>
      </Fact>
      <div className="failing-overdue">
        <Fact label="Failing · overdue">
          <b data-bad={all.failing > 0}>{all.failing}</b> <span className="muted">·</span>{' '}
          <b data-bad={overdue > 0}>{overdue}</b>
        </Fact>
      </div>
    </>
  );
};

/** What the clock asks for next: a round, a gate or a part of the document. */
const NextDue = () => {
  const { view } = useRoom();
  const words = useNow((now) => {
    const next = dueOf(view.get(), now)?.next[0];
    return next === undefined
      ? ''
      : `${shortTitle(next.title)}\n${span(next.fromAt - runMoment(view.get().room, now))}`;
  });
  if (words === '') return null;
  const [title, left] = words.split('\n');
  return (
    <div className="next-due">
      <Fact label="Next due">
        <span>{title}</span> <span className="mono muted">in {left}</span>
      </Fact>
    </div>
  );
};

const LinkBadge = () => {
  const { link, operates } = useRoom();
  const closed = useRun(({ room }) => (room.closed === null ? null : outcomeWords(room.closed)));
  const at = useRun(({ healthAt }) => healthAt);
  const past = useRun((view) => view.past !== null);
  if (closed !== null) return <span className="badge">{closed}</span>;
  if (link === 'lost')
    return (
      <span className="badge" data-tone="none">
        <Glyph name="stale" /> Reconnecting
        <span className="badge-more">last seen {at === null ? 'never' : clockTime(at)}</span>
      </span>
    );
  return operates || past ? null : <span className="badge">watching only</span>;
};

const Service = () => {
  const { ui } = useRoom();
  const started = useRun(({ room }) => room.started);
  const target = useRun(({ context }) => context.target);
  const environment = started?.environment ?? target.environment;
  return (
    <>
      <button
        className="plain service"
        title={`${started?.service ?? target.service} ${started?.release ?? ''}: details of this run`}
        onClick={() => patch(ui, { dialog: { kind: 'details' } })}
      >
        <strong>{started?.service ?? target.service}</strong>
        <span className="mono muted">{started?.release ?? ''}</span>
      </button>
      <span className="environment" data-environment={environment}>
        {environment}
      </span>
    </>
  );
};

/** To what the printer gets: to print it, to sign it, or to type in what was written on it. */
const PaperButton = () => {
  const runId = useRun(({ context }) => context.runId);
  return (
    <button className="quiet" onClick={() => goToSheet(runId, 'checklist')} title="Print, sign, or type paper in">
      Paper
    </button>
  );
};

export const TopBar = () => {
  const { ui, actions, operator, operates } = useRoom();
  const closed = useRun(({ room }) => room.closed !== null);
  return (
    <header className="top-bar">
      <button className="quiet home" onClick={goToRuns} aria-label="All runs" title="All runs">
        <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M2.5 13h4l2.5-7 4.5 13 3-6h5" />
        </svg>
      </button>
      <Service />
      <Clock />
      <Progress />
      {!closed && <AlarmsButton />}
      {!closed && <SoundButton />}
      <IncidentCount />
      <NoticesButton />
      <NextDue />
      <span className="grow" />
      <LinkBadge />
      <button
        className="quiet operator"
        onClick={() => patch(ui, { dialog: { kind: 'identify' } })}
        disabled={!operates}
      >
        <Glyph name="person" label="You are" />
        <span>
          {operator.name}
          {operator.role !== null && <small>{operator.role}</small>}
        </span>
      </button>
      <PaperButton />
      <ThemeSwitch />
      <button
        className="quiet"
        onClick={() => patch(ui, { dialog: { kind: 'palette' } })}
        aria-label="Ctrl K: command palette"
      >
        <kbd>Ctrl K</kbd>
      </button>
      {operates && <ProposeButtons />}
      {operates && (
        <button className="check-now" onClick={() => void actions.checkNow(null)}>
          Check now <kbd>R</kbd>
        </button>
      )}
    </header>
  );
};

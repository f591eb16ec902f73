import type { WallAlarm, WallRollback } from '../../../shared/wall/head.ts';
import type { WallRunning } from '../../../shared/wall/running.ts';
import { Since } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { Running } from '../../parts/running.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { Fitting } from './fitting.tsx';
import './wall-side.css';

const shownAlarms = 3;

const Alarm = ({ alarm }: { readonly alarm: WallAlarm }) => (
  <li
    className="wall-alarm"
    data-priority={alarm.priority}
    data-looks={alarm.looks}
    data-acknowledged={alarm.acknowledged}
  >
    <Glyph name={alarm.looks} label={`${alarm.priority} priority`} />
    <b>{alarm.label}</b>
    <span>{alarm.sentence}</span>
    <Since at={alarm.since} />
  </li>
);

/** What wants somebody, one line each, with its age. */
export const Alarms = ({ alarms }: { readonly alarms: readonly WallAlarm[] }) => {
  if (alarms.length === 0) return null;
  const shown = alarms.length > shownAlarms ? alarms.slice(0, shownAlarms - 1) : alarms;
  return (
    <ul className="wall-alarms" aria-label="Alarms">
      {shown.map((alarm) => (
        <Alarm key={alarm.id} alarm={alarm} />
      ))}
      {alarms.length > shown.length && (
        <li className="wall-alarm wall-alarm-rest">and {alarms.length - shown.length} more alarms</li>
      )}
    </ul>
  );
};

/** What the machine works on while people wait for it, in one line, and nothing once it is over. */
export const Command = ({ running }: { readonly running: readonly WallRunning[] }) => {
  const [first, ...others] = running;
  if (first === undefined) return null;
  return (
    <section className="wall-command" aria-label="Running command">
      <Glyph name="running" />
      <b>{first.label}</b>
      <span className="wall-command-line">{first.line}</span>
      <span className="wall-command-time">
        <Running since={first.since} ofMs={first.ofMs} />
        {others.length > 0 && `, and ${others.length} more`}
      </span>
    </section>
  );
};

const steps: Readonly<Record<WallRollback['steps'][number]['state'], GlyphName>> = {
  waiting: 'open',
  running: 'running',
  done: 'done',
  failed: 'fail',
  unknown: 'unknown',
  'not-done': 'waived',
};

const stateWords: Readonly<Record<WallRollback['state'], string>> = {
  proposed: 'proposed',
  blocked: 'blocked',
  ready: 'ready to confirm',
  armed: 'armed',
  running: 'running',
  held: 'waits for a person',
  aborted: 'aborted',
  finished: 'finished',
};

/** From the step before the one under way on, so that what happens now is always among what is shown. */
const fromNow = (all: WallRollback['steps']): WallRollback['steps'] => {
  const now = all.findIndex(({ state }) => state !== 'done' && state !== 'not-done');
  return all.slice(Math.max(0, (now === -1 ? all.length : now) - 1));
};

/** How far a rollback or a deployment is; beside the tiles, while one is under way. */
export const Rollback = ({ rollback }: { readonly rollback: WallRollback }) => {
  const done = rollback.steps.filter(({ state }) => state === 'done' || state === 'not-done').length;
  return (
    <section className="wall-panel wall-rollback" data-state={rollback.state} aria-label="Rollback">
      <h2>
        {rollback.purpose === 'deploy' ? 'Deployment' : 'Rollback'} {stateWords[rollback.state]}
      </h2>
      {rollback.steps.length > 0 && (
        <>
          <p className="wall-progress-words">
            <b>
              {done} of {rollback.steps.length}
            </b>{' '}
            steps, <Since at={rollback.since} />
          </p>
          <progress max={rollback.steps.length} value={done} aria-label="Steps done" />
        </>
      )}
      {rollback.steps.length === 0 && <p>{rollback.sentence}</p>}
      <Fitting label="Steps" rest={(count) => `and ${count} more`}>
        {fromNow(rollback.steps).map(({ title, state }, at) => (
          <div className="wall-step" data-state={state} key={at}>
            <Glyph name={steps[state]} label={state} />
            <span>{title}</span>
          </div>
        ))}
      </Fitting>
    </section>
  );
};

import type { WallHead } from '../../../shared/wall/head.ts';
import { runNow, runTime } from '../../../shared/schedule/run-clock.ts';
import { useNow } from '../../now.ts';
import { shortTitle } from '../../outline.ts';
import { Glyph, toneOf } from '../../parts/glyph.tsx';
import { clockTime, span, tClock } from '../../words.ts';
import { callOf } from './words.ts';
import type { WallShown } from './wall-state.ts';

/** This moment of the run; the end of a closed one stands, and so does the last one known of a stale one. */
const momentOf = ({ clock, closed }: WallHead, now: number): number =>
  closed === null ? runNow(clock, now) : runTime(clock, closed.at);

type Props = { readonly head: WallHead; readonly frozenAt: number | null };

/** The time since T-0, the largest thing on the wall. */
export const TClock = ({ head, frozenAt }: Props) => {
  const words = useNow((now) =>
    head.t0 === null ? 'T-0 not set' : tClock(momentOf(head, frozenAt ?? now) - head.t0.run),
  );
  return (
    <div className="wall-clock" role="timer" aria-label="Time from T-0" data-planned={head.t0?.planned === true}>
      {words}
    </div>
  );
};

export const environmentWords = {
  practice: 'Practice',
  development: 'Development',
  staging: 'Staging',
  production: 'Production',
} as const;

/** What is deployed and where, who is on point, and the clock by which the wall is seen to live. */
export const TopLine = ({
  head,
  shown,
  sound,
}: {
  readonly head: WallHead;
  readonly shown: WallShown;
  readonly sound: string;
}) => (
  <div className="wall-top">
    <span className="wall-environment">{environmentWords[head.environment]}</span>
    <span className="wall-service">
      <b>{head.service}</b>
      <span>{head.release}</span>
    </span>
    {sound !== '' && <span className="wall-aside">{sound}</span>}
    {shown.redacted && <span className="wall-aside">names hidden</span>}
    {head.onPoint !== null && (
      <span className="wall-point">
        <Glyph name="person" label="On point" /> {head.onPoint.name}
      </span>
    )}
    <Heartbeat />
  </div>
);

/** The wall's own clock: as long as it moves, the page lives. */
export const Heartbeat = () => <span className="wall-beat">{useNow((now) => clockTime(now))}</span>;

/** Go, no-go, or what the room still waits for. */
export const CallBox = ({ head }: { readonly head: WallHead }) => {
  const { word, glyph, why } = callOf(head);
  return (
    <div className="wall-call" data-tone={toneOf(glyph)}>
      <Glyph name={glyph} />
      <div>
        <strong>{word}</strong>
        {why !== '' && <span>{why}</span>}
      </div>
    </div>
  );
};

const CountOf = ({ count, words, bad }: { readonly count: number; readonly words: string; readonly bad: boolean }) => (
  <span data-bad={bad && count > 0}>
    <b>{count}</b> {words}
  </span>
);

export const Counts = ({ head: { counts } }: { readonly head: WallHead }) => (
  <div className="wall-counts">
    <CountOf count={counts.open} words="open" bad={false} />
    <CountOf count={counts.overdue} words="overdue" bad />
  </div>
);

export const PhaseLine = ({ head }: { readonly head: WallHead }) => {
  const here = head.phases.findIndex(({ standing }) => standing === 'here');
  const phase = head.phases[here];
  if (head.closed !== null) return <div className="wall-phase">Run closed</div>;
  return <div className="wall-phase">{phase === undefined ? 'All phases done' : shortTitle(phase.title)}</div>;
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** "0:48", "12:05", "9:57 h", "2 d 4 h": beyond an hour nobody counts seconds. */
const countdown = (ms: number): string =>
  ms < hourMs || ms >= 24 * hourMs ? span(ms) : `${span(ms).replace(/:\d\d$/u, '')} h`;

/** What the clock asks for: what is late, else what is due now, else what comes next. */
export const NextDue = ({ head, frozenAt }: Props) => {
  const [first] = [
    ...head.overdue.map((due) => ({ due, when: 'late' as const })),
    ...head.due.filter(({ at }) => at !== null).map((due) => ({ due, when: 'for' as const })),
    ...head.next.map((due) => ({ due, when: 'in' as const })),
  ];
  const next = head.next[0];
  // What comes within minutes is said before what may take its time.
  const soon = useNow((now) => (next?.at == null ? false : next.at - momentOf(head, frozenAt ?? now) < 10 * minuteMs));
  const shown = first?.when === 'for' && soon && next !== undefined ? { due: next, when: 'in' as const } : first;
  const left = useNow((now) =>
    shown?.due.at == null ? '' : countdown(Math.abs(shown.due.at - momentOf(head, frozenAt ?? now))),
  );
  if (shown === undefined || head.closed !== null) return null;
  const gate = shown.due.kind === 'gate';
  const words = {
    late: gate ? 'Gate overdue by' : 'Overdue by',
    for: gate ? 'Gate now, for' : 'Due now, for',
    in: gate ? 'Gate in' : 'Next in',
  };
  const title = shown.due.kind === 'visit' ? shown.due.title : shortTitle(shown.due.title);
  return (
    <div className="wall-next" data-when={shown.when}>
      <div>
        <span>{words[shown.when]}</span>
        <b>{title.replace(/^Gate: /u, '').replace(/(?<=^\d+ )minutes(?= after T-0$)/u, 'min')}</b>
      </div>
      <span className="wall-countdown" role="timer" aria-label="Countdown">
        {left}
      </span>
    </div>
  );
};

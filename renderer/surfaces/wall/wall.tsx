import { useCallback, useEffect, useMemo, useState } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { WallHead } from '../../../shared/wall/head.ts';
import { useNow } from '../../now.ts';
import { useStore } from '../../store.ts';
import type { Store } from '../../store.ts';
import { span } from '../../words.ts';
import { Ended, NoRun, Opening, Stale, Unpaired } from './messages.tsx';
import { Setup } from './setup.tsx';
import type { Content, WallScreen } from './screen.ts';
import { sizesFor } from './sizes.ts';
import type { Sizes } from './sizes.ts';
import { useSound } from './use-sound.ts';
import { ChecklistWall } from './wall-checklist.tsx';
import { CallBox, Counts, NextDue, PhaseLine, TClock, TopLine } from './wall-head.tsx';
import { Alarms, Command, Rollback } from './wall-side.tsx';
import type { WallShown, WallState } from './wall-state.ts';
import { Tiles } from './wall-tiles.tsx';
import './wall.css';
import './wall-portrait.css';

const shiftEveryMs = 5 * 60_000;
/** Around a small square, so that nothing burns in. */
const shifts = [
  [0, 0],
  [2, 0],
  [2, 2],
  [0, 2],
] as const;
const backStaysMs = 12_000;

const useWindow = (): { readonly width: number; readonly height: number } => {
  const read = () => ({ width: innerWidth, height: innerHeight });
  const [size, setSize] = useState(read);
  useEffect(() => {
    const changed = (): void => setSize(read());
    addEventListener('resize', changed);
    return () => removeEventListener('resize', changed);
  }, []);
  return size;
};

const useShift = (): readonly [number, number] => {
  const at = useNow((now) => Math.floor(now / shiftEveryMs) % shifts.length);
  return shifts[at] ?? [0, 0];
};

type Body = { readonly head: WallHead; readonly shown: WallShown; readonly show: Content; readonly text: number };

const Body = ({ head, shown, show, text }: Body) =>
  // Nothing is measured any more once a run is closed: how its document stands is what is left to see.
  show === 'checklist' || head.closed !== null ? (
    <ChecklistWall head={head} />
  ) : (
    <div className="wall-body" data-side={show === 'all' && head.rollback !== null}>
      {show === 'all' && head.rollback !== null && <Rollback rollback={head.rollback} />}
      <Tiles tiles={shown.tiles} text={text} />
    </div>
  );

/** For a short while after a gap: that there was one, and how much happened in it. */
const Back = ({ back }: Pick<WallState, 'back'>) => {
  const recent = useNow((now) => back !== null && now - back.at < backStaysMs);
  if (back === null || !recent) return null;
  return (
    <p className="wall-back" role="status">
      Back after {span(back.awayMs)}
      {back.missed !== null && `: ${formatCount(back.missed, 'change')} meanwhile`}
    </p>
  );
};

const Live = ({
  state,
  shown,
  head,
  show,
  sizes,
  sound,
}: {
  readonly state: WallState;
  readonly shown: WallShown;
  readonly head: WallHead;
  readonly show: Content;
  readonly sizes: Sizes;
  readonly sound: string;
}) => (
  <main className="wall-live" data-environment={head.environment} data-closed={head.closed !== null} aria-label="Wall">
    {head.practice && <p className="wall-practice">Practice: nothing here is real</p>}
    <TopLine head={head} shown={shown} sound={sound} />
    <div className="wall-first">
      <TClock head={head} frozenAt={null} />
      <NextDue head={head} frozenAt={null} />
      <CallBox head={head} />
    </div>
    <div className="wall-second">
      <PhaseLine head={head} />
      <Counts head={head} />
    </div>
    {show !== 'checklist' && <Alarms alarms={head.alarms} />}
    <Command running={head.running} />
    <Body head={head} shown={shown} show={show} text={sizes.text} />
    <Back back={state.back} />
  </main>
);

const View = ({
  state,
  screen,
  sizes,
  sound,
}: {
  readonly state: WallState;
  readonly screen: WallScreen;
  readonly sizes: Sizes;
  readonly sound: string;
}): ReactNode => {
  const { shown } = state;
  if (state.kind === 'ended' && state.why !== null) return <Ended why={state.why} />;
  if (state.kind === 'stale' || (state.kind === 'refused' && shown !== null)) return <Stale state={state} />;
  if (state.kind === 'refused') return <Unpaired sentence={state.sentence} />;
  if (shown === null) return <Opening />;
  if (shown.head === null) return <NoRun />;
  return <Live state={state} shown={shown} head={shown.head} show={screen.choice.show} sizes={sizes} sound={sound} />;
};

/** Keys of a wall: S asks again about the screen. Everything else is for the desk. */
const useSetupKey = (screen: Store<WallScreen>): void => {
  useEffect(() => {
    const pressed = ({ key, target }: KeyboardEvent): void => {
      if (key.toLowerCase() === 's' && !(target instanceof HTMLInputElement))
        screen.set({ ...screen.get(), asking: true });
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [screen]);
};

/** The whole wall: it shows, and can do nothing else. */
export const Wall = ({ feed, screen }: { readonly feed: Store<WallState>; readonly screen: Store<WallScreen> }) => {
  const state = useStore(feed, (value) => value);
  const chosen = useStore(screen, (value) => value);
  const { inches, metres } = chosen.choice;
  const across = useWindow();
  const [x, y] = useShift();
  const sizes = useMemo(() => {
    // A wall in a window stands on a screen that is larger; where the browser hides the screen's size, the window counts.
    const { width, height } = window.screen.width > 0 ? window.screen : across;
    return sizesFor({ inches, metres, width, height }, across.width);
  }, [inches, metres, across]);
  const sound = useSound(feed, chosen.choice.sound);
  useSetupKey(screen);
  const done = useCallback(() => screen.set({ ...screen.get(), asking: false }), [screen]);
  const style = {
    '--wall-text': `${sizes.text}px`,
    '--wall-state': `${sizes.state}px`,
    '--wall-head': `${sizes.head}px`,
    '--wall-x': `${x}px`,
    '--wall-y': `${y}px`,
  } as CSSProperties;
  return (
    <div className="wall" style={style} data-portrait={across.height > across.width}>
      {chosen.asking ? (
        <Setup screen={screen} onDone={done} />
      ) : (
        <View state={state} screen={chosen} sizes={sizes} sound={sound} />
      )}
      {sizes.reach < metres && !chosen.asking && (
        <p className="wall-reach">Too small to be read beyond {sizes.reach.toFixed(1)} m</p>
      )}
    </div>
  );
};

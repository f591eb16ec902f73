import { useNow } from '../../now.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { useBaselinePicture } from '../compare/use-baseline-picture.ts';
import { RollbackBand, useComesFirst } from '../rollback/rollback-band.tsx';
import { RollbackSurface } from '../rollback/rollback.tsx';
import { ChecklistPane } from './checklist-pane.tsx';
import { HereBand } from './here-band.tsx';
import { PastBand } from './past-band.tsx';
import { Rail } from './rail.tsx';
import { RoomDialogs } from './run-dialogs.tsx';
import { useRoom, useRun, useUi } from './room-context.tsx';
import { deploying, rollingBack } from './room-ui.ts';
import { SidePanel } from './side-panel.tsx';
import { Timeline } from './timeline.tsx';
import { TopBar } from './top-bar.tsx';
import { useRoomKeys } from './use-room-keys.ts';
import './room.css';
import './narrow.css';

const quietMs = 15_000;

/** Said across the whole room when what is shown may no longer be true. */
const OldBand = () => {
  const { link } = useRoom();
  const healthAt = useRun((view) => view.healthAt);
  const closed = useRun(({ room }) => room.closed !== null);
  const past = useRun((view) => view.past !== null);
  const silent = useNow((now) => healthAt !== null && now - healthAt > quietMs);
  if (closed || past || (link === 'live' && !silent)) return null;
  return (
    <section className="old-band" aria-label="Age of what you see">
      <Glyph name="stale" />
      {link === 'lost'
        ? 'Not connected. What you see was true when the connection was lost; it is tried again by itself.'
        : 'No live values for more than 15 s. What you see may no longer be true.'}
    </section>
  );
};

/** Said while the desk can't write: what people do now is refused, and what they see is still true. */
const TroubleBand = () => {
  const trouble = useRun((view) => view.trouble);
  if (trouble === null) return null;
  return (
    <section className="old-band" role="alert" aria-label="Nothing can be written down">
      <Glyph name="internal" />
      {trouble} Values are still live; ticks are refused until they can be kept.
    </section>
  );
};

const Checking = () => {
  useRoomKeys();
  const { link } = useRoom();
  const environment = useRun(({ room, context }) => room.started?.environment ?? context.target.environment);
  return (
    <div className="room" data-environment={environment} data-link={link}>
      <TopBar />
      <Rail />
      <div className="room-middle">
        <PastBand />
        <OldBand />
        <TroubleBand />
        <RollbackBand />
        <HereBand />
        <ChecklistPane />
      </div>
      <SidePanel />
      {/* Last by the Tab key as well: each of its lines can be pressed, and there are hundreds. */}
      <Timeline />
    </div>
  );
};

const Turned = () => {
  const turned = useUi(({ turnedTo }) => turnedTo);
  if (turned === rollingBack) return <RollbackSurface purpose="rollback" />;
  return turned === deploying ? <RollbackSurface purpose="deploy" /> : <Checking />;
};

/** The operators' view of one run: the checklist, or the rollback, which takes the whole window. */
export const Room = () => {
  useComesFirst();
  useBaselinePicture();
  return (
    <>
      <Turned />
      <RoomDialogs />
    </>
  );
};

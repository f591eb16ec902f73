import { Glyph } from '../../parts/glyph.tsx';
import { useStore } from '../../store.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { clockTime } from '../../words.ts';
import { about } from '../about/about.ts';
import { useRoom, useRun, useUi } from '../room/room-context.tsx';
import { alarming, patch } from '../room/room-ui.ts';
import { countsOf, shortCount, worstCount } from './alarms-pane.tsx';
import { sound, toggleMute } from './tone.ts';
import type { Sound } from './tone.ts';
import { useShown } from './use-shown.ts';
import './alarms.css';

/** How many alarms stand and how bad the worst is, always in sight. */
export const AlarmsButton = () => {
  const { ui } = useRoom();
  const shown = useShown();
  const open = useUi(({ turnedTo }) => turnedTo === alarming);
  const worst = shown.worst;
  return (
    <button
      className="alarms-button"
      data-worst={worst ?? 'none'}
      aria-pressed={open}
      title={countsOf(shown) || 'Nothing needs anybody'}
      onClick={() => patch(ui, { turnedTo: open ? null : alarming })}
    >
      <Glyph name={shown.looks ?? 'ok'} />
      <span>
        {shortCount(shown)}
        {worst !== null && <small>{shown.live > 0 ? worstCount(shown) : 'not sensed yet'}</small>}
      </span>
      <kbd>A</kbd>
    </button>
  );
};

const said: Readonly<Record<Sound, string>> = {
  on: 'Alarm tone on',
  off: 'Alarm tone muted',
  waiting: 'The browser holds the alarm tone back until you click in this window',
};

const bell = 'M6 17V11a6 6 0 0 1 12 0v6l1.6 2H4.4ZM10 21.5h4';

const screenShape = 'M3 5h18v11H3ZM9 20h6M12 16v4';

/** Only while the walls are silent: who made them so, and the way to where they are let sound again. */
export const WallsSilent = () => {
  const silent = useRun(({ room }) => room.wallsSilent);
  const closed = useRun(({ room }) => room.closed !== null);
  if (silent === null || closed) return null;
  const words = `Walls silenced by ${actorName(silent.by)} at ${clockTime(silent.at)}`;
  return (
    <button
      className="quiet sound"
      data-sound="off"
      aria-label={words}
      title={words}
      onClick={() => about.set('walls')}
    >
      <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
        <path d={`${screenShape}M3.5 3.5l17 17`} />
      </svg>
      <span>Walls silent</span>
    </button>
  );
};

/** The tone's state, kept for this window, and the one key that silences it. */
export const SoundButton = () => {
  const state = useStore(sound, (now) => now);
  const word = state === 'on' ? '' : state === 'off' ? 'Muted' : 'No sound yet';
  return (
    <button
      className="quiet sound"
      data-sound={state}
      aria-label={`${word === '' ? '' : `${word}: `}${said[state]}. M switches it.`}
      aria-pressed={state === 'off'}
      title={`${said[state]} (M)`}
      onClick={toggleMute}
    >
      <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
        <path d={state === 'on' ? bell : `${bell}M3.5 3.5l17 17`} />
      </svg>
      {word !== '' && <span>{word}</span>}
    </button>
  );
};

import { Glyph } from '../../parts/glyph.tsx';
import { useStore } from '../../store.ts';
import { useRoom, useUi } from '../room/room-context.tsx';
import { alarming, patch } from '../room/room-ui.ts';
import { countsOf, shortCount } from './alarms-pane.tsx';
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
        {worst !== null && <small>{shown.live > 0 ? `worst ${worst}` : 'not sensed yet'}</small>}
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

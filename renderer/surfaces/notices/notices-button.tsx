import { formatCount } from '../../../shared/format.ts';
import { useStore } from '../../store.ts';
import { useRoom, useUi } from '../room/room-context.tsx';
import { noticing, patch } from '../room/room-ui.ts';
import { countsOf } from './notice-words.ts';
import './notices.css';

/** How many notices wait for a click, and whether any did not arrive. */
export const NoticesButton = () => {
  const { ui, notices } = useRoom();
  const open = useUi(({ turnedTo }) => turnedTo === noticing);
  const counts = useStore(
    notices,
    (now) => (now === null ? null : countsOf(now)),
    (a, b) => a?.waiting === b?.waiting && a?.troubled === b?.troubled,
  );
  if (counts === null) return null;
  const { waiting, troubled } = counts;
  const words = [
    waiting > 0 ? `${formatCount(waiting, 'notice')} to send` : 'No notice waits',
    ...(troubled > 0 ? [`${troubled} not sent`] : []),
    // What is written on the button is part of what it is called.
    ...(waiting > 0 && troubled > 0 ? [`${waiting + troubled} in all`] : []),
  ].join(', ');
  return (
    <button
      className="quiet notices-button"
      data-troubled={troubled > 0}
      aria-pressed={open}
      aria-label={`Notices: ${words}`}
      title={`${words} (S)`}
      onClick={() => patch(ui, { turnedTo: open ? null : noticing })}
    >
      <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M3 5.5h18v13H3ZM3.5 6l8.5 7 8.5-7" />
      </svg>
      {waiting + troubled > 0 && <b>{waiting + troubled}</b>}
    </button>
  );
};

import { useEffect, useState } from 'react';
import type { ItemView } from '../../../shared/projections/checklist.ts';
import { serverNow } from '../../now.ts';
import { keep, recall } from '../../look.ts';
import type { RunView } from '../../run-view.ts';
import { span } from '../../words.ts';
import { looked } from './presence.ts';
import type { Presence } from './presence.ts';
import { useRoom, useRun } from './room-context.tsx';
import { currentOf } from './room-ui.ts';
import { titleOf } from './item-look.ts';

type Gap = { readonly key: string; readonly from: number; readonly to: number; readonly why: string };

const lookEveryMs = 5_000;
const settlingMs = 5_000;

/** The gap that a restart of the app left; the opening that begins a run leaves none. */
export const restartGap = ({ room, context }: Pick<RunView, 'room' | 'context'>): Gap | null => {
  const { started, openedAt, lastBeforeOpening, closed } = room;
  if (started === null || openedAt === null || lastBeforeOpening === null || closed !== null) return null;
  if (openedAt - started.at < settlingMs) return null;
  return { key: `${context.runId} ${openedAt}`, from: lastBeforeOpening, to: openedAt, why: 'War Room was down' };
};

/** The three answers that were given last, newest first. */
export const lastDone = (items: readonly ItemView[]): readonly ItemView[] =>
  items
    .filter((item) => item.mark !== null)
    .toSorted((a, b) => (b.mark?.at ?? 0) - (a.mark?.at ?? 0))
    .slice(0, 3);

/** Notices when nobody could see this window for more than a minute: hidden, without connection, or asleep. */
const useAway = (): readonly [Presence['away'], () => void] => {
  const { link } = useRoom();
  const [presence, setPresence] = useState<Presence>(() => ({ seenAt: serverNow(), away: null }));
  useEffect(() => {
    const look = (): void =>
      setPresence((was) => looked(was, serverNow(), link === 'live' && document.visibilityState === 'visible'));
    look();
    const timer = setInterval(look, lookEveryMs);
    document.addEventListener('visibilitychange', look);
    return () => (clearInterval(timer), document.removeEventListener('visibilitychange', look));
  }, [link]);
  return [presence.away, () => setPresence({ seenAt: serverNow(), away: null })];
};

/** "You were here": the item, how long it was left, and what was done last. */
export const HereBand = () => {
  const { ui } = useRoom();
  const current = useRun((view) => currentOf(view, ui.get()));
  const restart = useRun(restartGap, (a, b) => a?.key === b?.key);
  const [dismissed, setDismissed] = useState(() => recall('here'));
  const [away, forget] = useAway();
  const outline = useRun((view) => view.outline);
  const items = useRun((view) => view.checklist.items);
  const gap: Gap | null =
    away !== null
      ? { key: '', from: away.from, to: away.to, why: 'Nobody could see this window' }
      : restart !== null && restart.key !== dismissed
        ? restart
        : null;
  if (gap === null || current === null) return null;
  const place = outline.places.get(current);
  const dismiss = (): void => {
    forget();
    if (restart === null) return;
    keep('here', restart.key);
    setDismissed(restart.key);
  };
  return (
    <section className="here" aria-label="You were here">
      <div>
        <h2>You were here: {place === undefined ? current : titleOf(place.item)}</h2>
        <p>
          {gap.why} for {span(gap.to - gap.from)}.{' '}
          {lastDone(items).length > 0 && (
            <>
              Last done:{' '}
              {lastDone(items)
                .map((item) => outline.words.get(item.id) ?? item.id)
                .join(' · ')}
              .
            </>
          )}
        </p>
      </div>
      <button onClick={dismiss}>Go on</button>
    </section>
  );
};

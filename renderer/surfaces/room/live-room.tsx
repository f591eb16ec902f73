import { useEffect, useMemo, useState } from 'react';
import type { PracticeState } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import type { NoticesNow } from '../../../shared/notices/contract.ts';
import { useApp } from '../../app-context.ts';
import { goToRuns } from '../../route.ts';
import { openPast, openRun } from '../../run-store.ts';
import type { RunStore } from '../../run-store.ts';
import type { RunView } from '../../run-view.ts';
import { createStore, useStore } from '../../store.ts';
import type { Store } from '../../store.ts';
import { useAlarmTone } from '../alarms/use-alarm-tone.ts';
import { roomActions } from './room-actions.ts';
import { useNotices } from '../notices/use-notices.ts';
import { RoomProvider } from './room-context.tsx';
import type { RoomScope } from './room-context.tsx';
import { createRoomUi, patch } from './room-ui.ts';
import { Room } from './room.tsx';
import { useAnnouncedHealth } from './use-announced-health.ts';
import './room.css';

const practiceEveryMs = 3_000;

/** The run's view as a store of its own, once it is open. */
const viewOf = (run: RunStore): Store<RunView> => {
  const get = (): RunView => {
    const state = run.state.get();
    if (state.kind !== 'open') throw new Error('the run is not open yet');
    return state.view;
  };
  return { get, set: () => {}, subscribe: run.state.subscribe };
};

/** What the practice service is doing; its parts come up and its faults may be switched from another window. */
const usePractice = (store: Store<PracticeState | null>, wanted: boolean): void => {
  const { connection } = useApp();
  useEffect(() => {
    if (!wanted) return;
    // A failed look changes nothing: the connection's own state tells why.
    const look = (): void => void connection.client.practice.state().then(store.set, () => {});
    look();
    const timer = setInterval(look, practiceEveryMs);
    return () => clearInterval(timer);
  }, [connection, store, wanted]);
};

const OpenRoom = ({ run, runId }: { readonly run: RunStore; readonly runId: RunId }) => {
  const { connection, notices } = useApp();
  const link = useStore(connection.state, (state) => state);
  const [made] = useState(() => {
    const view = viewOf(run);
    const ui = createRoomUi();
    const practice = createStore<PracticeState | null>(null);
    const told = createStore<NoticesNow | null>(null);
    const { client, greeted } = connection;
    return {
      view,
      ui,
      practice,
      notices: told,
      actions: roomActions({ client, runId, view, ui, practice, notices, greeted }),
    };
  });
  const closed = useStore(made.view, ({ room }) => room.closed !== null);
  const past = useStore(made.view, (view) => view.past !== null);
  const practising = useStore(made.view, ({ room }) => room.started?.practice === true && room.closed === null);
  usePractice(made.practice, practising);
  useNotices(made.notices, runId);
  const context = useStore(made.view, (view) => view.context);
  // Another version of the document has other phases and items: what was turned to may be gone.
  const [shown, setShown] = useState(context);
  useEffect(() => {
    if (shown !== context) patch(made.ui, { turnedTo: null, moving: null });
    setShown(context);
  }, [made, shown, context]);
  useAnnouncedHealth(made.view);
  useAlarmTone(made.view);
  const hello = link.kind === 'live' || link.kind === 'lost' ? link.hello : null;
  const live = link.kind === 'live';
  const scope: RoomScope = useMemo(
    () => ({
      ...made,
      operator: hello?.operator ?? { name: 'nobody', role: null },
      operates: !closed && !past && hello?.grant === 'operate',
      signedIn: hello?.grant === 'operate',
      link: live ? 'live' : 'lost',
    }),
    [made, hello, live, closed, past],
  );
  return (
    <RoomProvider value={scope}>
      <Room />
    </RoomProvider>
  );
};

const RoomSkeleton = () => (
  <div className="room room-loading" aria-busy="true" aria-label="Opening the run">
    <header className="top-bar">
      <span className="skeleton" />
    </header>
    <nav className="rail" aria-label="Phases">
      {Array.from({ length: 7 }, (_, at) => (
        <div className="skeleton" key={at} />
      ))}
    </nav>
    <main className="checklist">
      <h1 className="sr">Opening the run</h1>
      {Array.from({ length: 9 }, (_, at) => (
        <div className="skeleton" key={at} />
      ))}
    </main>
  </div>
);

/** The room of one run of the app; waits for it, or says why it cannot be opened. */
export const LiveRoom = ({ runId, at }: { readonly runId: RunId; readonly at: number | null }) => {
  const { connection } = useApp();
  const [run, setRun] = useState<RunStore | null>(null);
  useEffect(() => {
    const opened = at === null ? openRun(connection, runId) : openPast(connection, runId, at);
    setRun(opened);
    return opened.close;
  }, [connection, runId, at]);
  return run === null ? <RoomSkeleton /> : <OpenedRoom key={at} run={run} runId={runId} />;
};

const OpenedRoom = ({ run, runId }: { readonly run: RunStore; readonly runId: RunId }) => {
  const kind = useStore(run.state, (state) => state.kind);
  const sentence = useStore(run.state, (state) => (state.kind === 'failed' ? state.sentence : ''));
  if (kind === 'loading') return <RoomSkeleton />;
  if (kind === 'open') return <OpenRoom run={run} runId={runId} />;
  return (
    <main className="page-message">
      <h1>This run cannot be opened</h1>
      <p>{sentence}</p>
      <button className="primary" onClick={goToRuns}>
        All runs
      </button>
    </main>
  );
};

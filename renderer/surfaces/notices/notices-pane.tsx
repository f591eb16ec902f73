import { formatCount } from '../../../shared/format.ts';
import type { NoticeView } from '../../../shared/notices/contract.ts';
import { useStore } from '../../store.ts';
import { BackToItem } from '../room/back-to-item.tsx';
import { useRoom, useRun } from '../room/room-context.tsx';
import { Channels } from './channels.tsx';
import { DraftCard } from './draft-card.tsx';
import { waitingOf } from './notice-words.ts';
import { OutboxList } from './outbox-list.tsx';
import './notices.css';

const PracticeWord = () => {
  const practice = useRun(({ room }) => room.started?.practice === true);
  return practice ? (
    <p className="notice-practice">
      <b>Practice:</b> every notice is marked as a rehearsal and goes to this machine alone.
    </p>
  ) : null;
};

const Waiting = ({ drafts }: { readonly drafts: ReturnType<typeof waitingOf> }) => {
  const { actions, signedIn } = useRoom();
  const keys = drafts.flatMap(({ drafts: own }) => own.map(({ key }) => key));
  return (
    <section className="section" aria-label="Waiting for a click">
      <header className="section-head">
        <h2>Waiting for a click</h2>
        <small>nothing of it has left this desk</small>
        <span className="grow" />
        {signedIn && drafts.length > 1 && (
          <>
            <button onClick={() => void actions.sendNotices(keys)}>Send all {drafts.length}</button>
            <button className="quiet" onClick={() => void actions.discardNotices(keys)}>
              Discard all
            </button>
          </>
        )}
      </header>
      {drafts.length === 0 ? (
        <p className="muted">
          Nothing waits. When something happens that people expect to hear of, its words stand here first.
        </p>
      ) : (
        <ul className="drafts">
          {drafts.map((group) => (
            <DraftCard key={group.id} group={group} />
          ))}
        </ul>
      )}
    </section>
  );
};

const Outbox = ({ notices }: { readonly notices: readonly NoticeView[] }) => (
  <section className="section" aria-label="Outbox">
    <header className="section-head">
      <h2>Outbox</h2>
      {notices.length > 0 && <small>{formatCount(notices.length, 'notice')}, the newest first</small>}
    </header>
    <OutboxList notices={notices} />
  </section>
);

/** Whom this run tells, and of what: drafts that wait, what went out with its receipt, and the channels. */
export const NoticesPane = () => {
  const { notices, operates } = useRoom();
  const now = useStore(notices, (value) => value);
  const runId = useRun(({ context }) => context.runId);
  return (
    <div className="phase notices-pane">
      <header className="phase-head">
        <h1>Notices</h1>
        <span className="grow" />
        <BackToItem />
      </header>
      <PracticeWord />
      {now === null ? (
        <div className="skeleton" role="status" aria-label="Asking for the notices" />
      ) : (
        <>
          <Waiting drafts={waitingOf(now)} />
          <Outbox notices={now.notices.filter(({ state }) => state !== 'drafted')} />
          <section className="section" aria-label="Channels">
            <header className="section-head">
              <h2>Channels</h2>
              <small>a test is marked as one; it pages and publishes nothing</small>
            </header>
            <Channels runId={operates ? runId : null} channels={now.channels} />
          </section>
        </>
      )}
    </div>
  );
};

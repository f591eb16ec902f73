import { useState } from 'react';
import { useApp } from '../../app-context.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { IdentifyDialog } from '../../parts/identify-dialog.tsx';
import { ThemeSwitch } from '../../parts/theme-switch.tsx';
import { sentenceOf } from '../../refusal.ts';
import { about } from '../about/about.ts';
import { PracticeCard } from './practice-card.tsx';
import { useStore } from '../../store.ts';
import { History } from './history.tsx';
import { OpenRuns } from './open-runs.tsx';
import { StartForm } from './start-form.tsx';
import { useRuns } from './use-runs.ts';
import './runs.css';

const Operator = () => {
  const { connection, notices } = useApp();
  const [asking, setAsking] = useState(false);
  const state = useStore(connection.state, (value) => value);
  const hello = state.kind === 'live' || state.kind === 'lost' ? state.hello : null;
  if (hello === null) return null;
  const identify = (name: string, role: string | null): Promise<boolean> =>
    connection.client.desk.identify({ name, role }).then(
      (answer) => {
        connection.greeted(answer);
        if (answer.namesake !== null) notices.say(answer.namesake);
        return true;
      },
      (error: unknown) => (notices.say(sentenceOf(error), 'fail'), false),
    );
  return (
    <>
      <button
        className="quiet operator"
        disabled={hello.grant !== 'operate'}
        onClick={() => setAsking(true)}
        aria-label={`You are ${hello.operator.name}. Change`}
      >
        <Glyph name="person" />
        <span>
          {hello.operator.name}
          {hello.operator.role !== null && <small>{hello.operator.role}</small>}
        </span>
      </button>
      {asking && <IdentifyDialog operator={hello.operator} onSend={identify} onClose={() => setAsking(false)} />}
    </>
  );
};

const AboutButton = () => {
  const { connection } = useApp();
  const operates = useStore(connection.state, (state) => state.kind === 'live' && state.hello.grant === 'operate');
  if (!operates) return null;
  return (
    <button
      className="quiet"
      aria-label="About this War Room: secrets, wall, diagnostics"
      onClick={() => about.set('app')}
    >
      <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 0 0 0-18.4ZM12 11v5.5M12 7.4v.2" />
      </svg>
    </button>
  );
};

const RunsBar = () => {
  const { connection } = useApp();
  const lost = useStore(connection.state, ({ kind }) => kind === 'lost');
  return (
    <header className="runs-bar">
      <svg className="brand" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M2.5 13h4l2.5-7 4.5 13 3-6h5" />
      </svg>
      <h1>War Room</h1>
      <span className="grow" />
      {lost && (
        <span className="badge">
          <Glyph name="stale" /> Reconnecting
        </span>
      )}
      <Operator />
      <AboutButton />
      <ThemeSwitch />
    </header>
  );
};

/** The first screen: what is open now, what can be started, and what was. */
export const Runs = () => {
  const runs = useRuns();
  const { connection } = useApp();
  const operates = useStore(
    connection.state,
    (state) => (state.kind === 'live' || state.kind === 'lost') && state.hello?.grant === 'operate',
  );
  if (runs.kind === 'loading')
    return (
      <div className="runs" aria-busy="true">
        <RunsBar />
        <main className="runs-main">
          <div className="skeleton runs-skeleton" />
        </main>
      </div>
    );
  const list = runs.kind === 'known' ? runs.list : [];
  const open = list.filter(({ closedAt }) => closedAt === null);
  const closed = list.filter(({ closedAt }) => closedAt !== null);
  return (
    <div className="runs">
      <RunsBar />
      <main className="runs-main" data-empty={list.length === 0}>
        <div className="runs-left">
          {runs.kind === 'failed' && (
            <p className="runs-failed" role="alert">
              <Glyph name="internal" /> {runs.sentence}
            </p>
          )}
          <OpenRuns runs={open} />
          {operates && <PracticeCard first={list.length === 0} />}
          <History runs={closed} operates={operates} />
        </div>
        {operates && <StartForm last={list[0] ?? null} />}
      </main>
    </div>
  );
};

import type { ReactNode } from 'react';
import { useApp } from '../app-context.ts';
import { useStore } from '../store.ts';
import './connection-gate.css';

/** Lets the surfaces in once the app has answered. After a loss they stay, and say themselves how old they are. */
export const ConnectionGate = ({ children }: { readonly children: ReactNode }) => {
  const { connection } = useApp();
  const state = useStore(connection.state, (value) => value);
  const known = state.kind === 'live' || (state.kind === 'lost' && state.hello !== null);
  if (known) return children;
  return (
    <main className="page-message" aria-busy={state.kind !== 'refused'}>
      <svg className="page-mark" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M2.5 13h4l2.5-7 4.5 13 3-6h5" />
      </svg>
      {state.kind === 'refused' ? (
        <>
          <h1>Not paired yet</h1>
          <p>{state.sentence}</p>
          <button onClick={connection.retry}>Try again</button>
        </>
      ) : (
        <>
          <h1>War Room</h1>
          <p className="muted">
            {state.kind === 'lost' ? 'War Room does not answer. It is tried again by itself.' : 'Connecting…'}
          </p>
        </>
      )}
    </main>
  );
};

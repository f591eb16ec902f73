import './base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createAnnouncer } from './announcer.ts';
import type { App as AppScope, Choice } from './app-context.ts';
import { App } from './app.tsx';
import { connect } from './client.ts';
import { wearTheme } from './look.ts';
import { createNotices } from './notices.ts';
import { keepFocus } from './parts/keep-focus.ts';
import { createRoute } from './route.ts';
import { createStore } from './store.ts';

wearTheme();
keepFocus();

const connection = connect();
const route = createRoute();
// The gallery shows invented values and needs no app behind it.
if (route.get().surface !== 'gallery') connection.start();
const scope: AppScope = {
  connection,
  notices: createNotices(),
  announcer: createAnnouncer(),
  route,
  chosen: createStore<Choice>({ runbook: null, target: null }),
};

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

/** A fault in drawing takes this window down, never the run: the page says so and can be opened again. */
const sayFault = (): void =>
  createRoot(root).render(
    <main className="page-message">
      <div role="alert">
        <h1>This window met a fault of its own</h1>
        <p>The run goes on in War Room, with every tick and value. Open the window again to go on here.</p>
      </div>
      <button className="primary" onClick={() => location.reload()}>
        Open again
      </button>
    </main>,
  );

const drawn = createRoot(root, {
  onUncaughtError: (error) => {
    console.error(error);
    queueMicrotask(() => {
      drawn.unmount();
      sayFault();
    });
  },
});
drawn.render(
  <StrictMode>
    <App scope={scope} />
  </StrictMode>,
);

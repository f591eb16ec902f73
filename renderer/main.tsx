import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createAnnouncer } from './announcer.ts';
import type { App as AppScope, Brought } from './app-context.ts';
import { App } from './app.tsx';
import { connect } from './client.ts';
import { wearTheme } from './look.ts';
import { createNotices } from './notices.ts';
import { createRoute } from './route.ts';
import { createStore } from './store.ts';
import './base.css';

wearTheme();

// The pairing code is in the fragment that the route reads: the connection takes it out first.
const connection = connect();
const scope: AppScope = {
  connection,
  notices: createNotices(),
  announcer: createAnnouncer(),
  route: createRoute(),
  brought: createStore<Brought | null>(null),
};

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App scope={scope} />
  </StrictMode>,
);

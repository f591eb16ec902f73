import { createContext, use } from 'react';
import type { Source } from '../shared/contract.ts';
import type { Announcer } from './announcer.ts';
import type { Connection } from './client.ts';
import type { Notices } from './notices.ts';
import type { Route } from './route.ts';
import type { Store } from './store.ts';

/** What every surface stands on. */
export type App = {
  readonly connection: Connection;
  readonly notices: Notices;
  readonly announcer: Announcer;
  readonly route: Store<Route>;
  /** The checklist and the target that people chose, dropped or opened here; null: what was chosen last time. */
  readonly chosen: Store<Choice>;
};

export type Choice = { readonly runbook: Source | null; readonly target: Source | null };

export type Brought = { readonly kind: 'runbook' | 'target'; readonly name: string; readonly text: string };

const Context = createContext<App | null>(null);

export const AppProvider = Context.Provider;

export const useApp = (): App => {
  const app = use(Context);
  if (app === null) throw new Error('a surface stands outside of the app');
  return app;
};

import { createContext, use } from 'react';
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
  /** A document that was dropped or opened, waiting for the start form. */
  readonly brought: Store<Brought | null>;
};

export type Brought = { readonly kind: 'runbook' | 'target'; readonly name: string; readonly text: string };

const Context = createContext<App | null>(null);

export const AppProvider = Context.Provider;

export const useApp = (): App => {
  const app = use(Context);
  if (app === null) throw new Error('a surface stands outside of the app');
  return app;
};

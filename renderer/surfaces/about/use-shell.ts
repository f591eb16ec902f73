import { useEffect } from 'react';
import type { RunId } from '../../../shared/events.ts';
import type { ShellOrder } from '../../../shared/shell/contract.ts';
import { useApp } from '../../app-context.ts';
import type { App } from '../../app-context.ts';
import { readDocument } from '../../parts/read-document.ts';
import { goToRun, goToRuns, goToSheet, goToTarget } from '../../route.ts';
import { useStore } from '../../store.ts';
import { about } from './about.ts';

const openDocument = async ({ chosen, notices, route }: App, name: string, text: string): Promise<void> => {
  const read = await readDocument(new File([text], name));
  if ('refusal' in read) return notices.say(read.refusal, 'fail');
  const { kind, ...source } = read;
  chosen.set({ ...chosen.get(), [kind]: source });
  if (route.get().surface === 'target') goToTarget(null);
  else goToRuns();
};

/** The sheets of the run in view, or of the checklist that is chosen for the next one; the blank one comes first. */
const showSheet = ({ route }: App): void => {
  const now = route.get();
  const runId = 'runId' in now ? now.runId : null;
  goToSheet(runId, 'checklist');
};

const obey = (app: App, order: ShellOrder): void => {
  switch (order.kind) {
    case 'open':
      return void openDocument(app, order.name, order.text);
    case 'refused':
      return app.notices.say(order.sentence, 'fail');
    case 'run':
      return goToRun(order.runId as RunId);
    case 'show':
      if (order.what !== 'sheet') return about.set(order.what === 'news' ? 'news' : 'app');
      return showSheet(app);
  }
};

const follow = async (app: App, signal: AbortSignal): Promise<void> => {
  const { shell } = app.connection.client;
  const { news } = await shell.state(undefined, { signal });
  if (news !== null) about.set('news');
  for await (const order of await shell.follow(undefined, { signal })) obey(app, order);
};

/** What the system and the menu want of this window, where it is the desktop's: files, links, what to show. */
export const useShell = (): void => {
  const app = useApp();
  const desk = useStore(
    app.connection.state,
    (state) => state.kind === 'live' && state.hello.via === 'desk' && state.hello.grant === 'operate',
  );
  useEffect(() => {
    if (!desk) return;
    const end = new AbortController();
    // A loss ends it, and the next connection begins anew: what came meanwhile waits in the app.
    follow(app, end.signal).catch(() => {});
    return () => end.abort();
  }, [app, desk]);
};

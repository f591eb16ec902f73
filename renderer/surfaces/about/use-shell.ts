import { useEffect } from 'react';
import type { Hello } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import type { ShellOrder } from '../../../shared/shell/contract.ts';
import { useApp } from '../../app-context.ts';
import type { App } from '../../app-context.ts';
import { readDocument } from '../../parts/read-document.ts';
import { sentenceOf } from '../../refusal.ts';
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
    case 'bundle':
      return void app.connection.client.audit.import({ base64: order.base64 }).then(
        ({ runId }) => goToRun(runId),
        (error: unknown) => app.notices.say(sentenceOf(error), 'fail'),
      );
    case 'refused':
      return app.notices.say(order.sentence, 'fail');
    case 'said':
      return app.notices.say(order.sentence, 'stays');
    case 'run':
      return goToRun(order.runId as RunId);
    case 'show':
      if (order.what !== 'sheet') return about.set(order.what === 'news' ? 'news' : 'app');
      return showSheet(app);
  }
};

/** A connection that comes back tells the same again; the page says each once. */
const said = new Set<string>();

const follow = async (app: App, via: Hello['via'], signal: AbortSignal): Promise<void> => {
  const { shell } = app.connection.client;
  const { news, told } = await shell.state(undefined, { signal });
  if (news !== null) about.set('news');
  for (const sentence of told) if (!said.has(sentence)) app.notices.say(sentence, 'fail');
  for (const sentence of told) said.add(sentence);
  if (via !== 'desk') return;
  for await (const order of await shell.follow(undefined, { signal })) obey(app, order);
};

/** What the app mended at its start; and what the system and the menu want of a desktop's window: files, links, what to show. */
export const useShell = (): void => {
  const app = useApp();
  const via = useStore(app.connection.state, (state) =>
    state.kind === 'live' && state.hello.grant === 'operate' ? state.hello.via : null,
  );
  useEffect(() => {
    if (via === null) return;
    const end = new AbortController();
    // A loss ends it, and the next connection begins anew: what came meanwhile waits in the app.
    follow(app, via, end.signal).catch(() => {});
    return () => end.abort();
  }, [app, via]);
};

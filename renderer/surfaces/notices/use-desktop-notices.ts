import { useEffect } from 'react';
import type { RunId } from '../../../shared/events.ts';
import { useApp } from '../../app-context.ts';
import { goToRun } from '../../route.ts';
import type { Route } from '../../route.ts';
import { useStore } from '../../store.ts';

/** Whether this window may show notifications of the desktop; "none" where the browser has no such thing. */
export const desktopPermission = (): NotificationPermission | 'none' =>
  'Notification' in window ? Notification.permission : 'none';

/** The room of that run itself, with somebody in front of it: it shows all of this already, and a line would lie over it. */
const inSight = (shown: Route, runId: string): boolean =>
  shown.surface === 'room' && shown.runId === runId && document.visibilityState === 'visible';

/** Shows what the room wants the desktop to show, and in the window itself where that is not allowed. */
export const useDesktopNotices = (): void => {
  const { connection, notices, route } = useApp();
  const live = useStore(connection.state, (state) => state.kind === 'live' && state.hello.grant === 'operate');
  useEffect(() => {
    if (!live) return;
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      for await (const { key, runId, title, text } of await connection.client.notices.desktop(undefined, {
        signal: stop.signal,
      })) {
        // The tag makes one of what several windows show.
        if (desktopPermission() === 'granted') {
          const shown = new Notification(title, { body: text, tag: key });
          shown.addEventListener('click', () => {
            // A browser does it by the first, the desktop by the second.
            window.focus();
            void connection.client.shell.raise().catch(() => {});
            goToRun(runId as RunId);
          });
        } else if (!inSight(route.get(), runId)) notices.say(title);
      }
    };
    follow().catch(() => {}); // It ended with the connection.
    return () => stop.abort();
  }, [connection, live, notices, route]);
};

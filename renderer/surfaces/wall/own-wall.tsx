import { useEffect, useState } from 'react';
import type { RunId } from '../../../shared/events.ts';
import { openScreen } from './screen.ts';
import { openWall } from './wall-state.ts';
import type { WallFeed } from './wall-state.ts';
import { Wall } from './wall.tsx';

/** A wall in a window of the desk: served, it goes to the page of the walls, which can reach nothing else. */
export const OwnWall = ({ runId }: { readonly runId: RunId | null }) => {
  const [feed, setFeed] = useState<WallFeed | null>(null);
  const [screen] = useState(() => openScreen(new URLSearchParams(location.hash.slice(1))));
  useEffect(() => {
    if (location.protocol.startsWith('http')) return location.replace(`/wall${location.hash}`);
    document.documentElement.dataset['medium'] = 'wall';
    const opened = openWall(runId);
    setFeed(opened);
    return () => {
      delete document.documentElement.dataset['medium'];
      opened.close();
    };
  }, [runId]);
  return feed === null ? null : <Wall feed={feed.state} screen={screen} />;
};

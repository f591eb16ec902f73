import { lazy, Suspense, useEffect } from 'react';
import type { App as AppScope } from './app-context.ts';
import { AppProvider } from './app-context.ts';
import { ConnectionGate } from './parts/connection-gate.tsx';
import { DropZone } from './parts/drop-zone.tsx';
import { LiveRegions, NoticeList } from './parts/notice-list.tsx';
import { useStore } from './store.ts';
import { About } from './surfaces/about/about-dialog.tsx';
import { useOutdated } from './surfaces/about/use-outdated.ts';
import { useShell } from './surfaces/about/use-shell.ts';
import { useDesktopNotices } from './surfaces/notices/use-desktop-notices.ts';
import { LiveRoom } from './surfaces/room/live-room.tsx';
import { TargetSurface } from './surfaces/target/target.tsx';
import { Runs } from './surfaces/runs/runs.tsx';

const Gallery = lazy(() => import('./surfaces/gallery/gallery.tsx').then((module) => ({ default: module.Gallery })));

/** The wall is a page of its own, which can reach nothing but what it shows. */
const ToWall = () => {
  useEffect(() => location.replace(`/wall${location.hash}`), []);
  return null;
};
const SheetSurface = lazy(() =>
  import('./surfaces/sheet/sheet.tsx').then((module) => ({ default: module.SheetSurface })),
);

const Surface = ({ scope }: { readonly scope: AppScope }) => {
  const route = useStore(scope.route, (value) => value);
  switch (route.surface) {
    case 'gallery':
      return (
        <Suspense>
          <Gallery />
        </Suspense>
      );
    case 'room':
      return (
        <ConnectionGate>
          <LiveRoom key={route.runId} runId={route.runId} at={route.at} />
        </ConnectionGate>
      );
    case 'target':
      return (
        <ConnectionGate>
          <TargetSurface key={route.runId} runId={route.runId} />
        </ConnectionGate>
      );
    case 'wall':
      return <ToWall />;
    case 'sheet':
      return (
        <ConnectionGate>
          <Suspense>
            <SheetSurface key={route.runId} runId={route.runId} sheet={route.sheet} />
          </Suspense>
        </ConnectionGate>
      );
    case 'runs':
      return (
        <ConnectionGate>
          <Runs />
        </ConnectionGate>
      );
  }
};

/** Over every surface: the app itself, and what the system around it wants. */
const Around = () => {
  useShell();
  useOutdated();
  useDesktopNotices();
  return <About />;
};

export const App = ({ scope }: { readonly scope: AppScope }) => (
  <AppProvider value={scope}>
    <DropZone>
      <Surface scope={scope} />
    </DropZone>
    <Around />
    <NoticeList />
    <LiveRegions />
  </AppProvider>
);

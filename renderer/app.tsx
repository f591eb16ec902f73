import { lazy, Suspense } from 'react';
import type { App as AppScope } from './app-context.ts';
import { AppProvider } from './app-context.ts';
import { ConnectionGate } from './parts/connection-gate.tsx';
import { DropZone } from './parts/drop-zone.tsx';
import { LiveRegions, NoticeList } from './parts/notice-list.tsx';
import { useStore } from './store.ts';
import { LiveRoom } from './surfaces/room/live-room.tsx';
import { TargetSurface } from './surfaces/target/target.tsx';
import { Runs } from './surfaces/runs/runs.tsx';

const Gallery = lazy(() => import('./surfaces/gallery/gallery.tsx').then((module) => ({ default: module.Gallery })));

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
          <LiveRoom key={route.runId} runId={route.runId} />
        </ConnectionGate>
      );
    case 'target':
      return (
        <ConnectionGate>
          <TargetSurface key={route.runId} runId={route.runId} />
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

export const App = ({ scope }: { readonly scope: AppScope }) => (
  <AppProvider value={scope}>
    <DropZone>
      <Surface scope={scope} />
    </DropZone>
    <NoticeList />
    <LiveRegions />
  </AppProvider>
);

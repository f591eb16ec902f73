import { useEffect, useState } from 'react';
import type { RunId } from '../../../shared/events.ts';
import { wallHead } from '../../../shared/wall/head.ts';
import type { WallHead } from '../../../shared/wall/head.ts';
import type { WallRunning } from '../../../shared/wall/running.ts';
import { createWallTiles } from '../../../shared/wall/tiles.ts';
import type { WallTile } from '../../../shared/wall/tiles.ts';
import { serverNow } from '../../now.ts';
import { gateSightOf } from '../../run-plan.ts';
import { baselineOf } from '../../run-view.ts';
import type { RunView } from '../../run-view.ts';
import { createStore } from '../../store.ts';
import { openScreen } from '../wall/screen.ts';
import { opening } from '../wall/wall-state.ts';
import type { WallShown, WallState } from '../wall/wall-state.ts';
import { Wall } from '../wall/wall.tsx';

/** The first tile of each state. */
const oneOfEach = (tiles: readonly WallTile[]): readonly WallTile[] =>
  tiles.filter(({ state }, at) => tiles.findIndex((other) => other.state === state) === at);

/** What can be laid over a scene: states of the link and of the run that no list of events holds. */
const overlays: Readonly<Record<string, (state: WallState) => WallState>> = {
  opening: (state) => ({ ...state, kind: 'opening', shown: null }),
  none: (state) => ({
    ...state,
    shown: state.shown === null ? null : { ...state.shown, runId: null, head: null, tiles: [] },
  }),
  stale: (state) => ({
    ...state,
    kind: 'stale',
    shown: state.shown === null ? null : { ...state.shown, at: serverNow() - 73_000 },
  }),
  unsteady: (state) => ({ ...state, kind: 'stale', unsteady: true }),
  each: (state) => ({
    ...state,
    shown: state.shown === null ? null : { ...state.shown, tiles: oneOfEach(state.shown.tiles) },
  }),
  aged: (state) => ({
    ...state,
    shown:
      state.shown === null
        ? null
        : { ...state.shown, tiles: state.shown.tiles.map((tile) => ({ ...tile, at: serverNow() - 47 * 60_000 })) },
  }),
  unpaired: (state) => ({
    ...state,
    kind: 'refused',
    shown: null,
    sentence: 'Type the code that the desk shows under "Walls on the network".',
  }),
  revoked: (state) => ({ ...state, kind: 'ended', why: 'revoked' }),
  expired: (state) => ({ ...state, kind: 'ended', why: 'expired' }),
  back: (state) => ({ ...state, back: { at: serverNow(), awayMs: 74_000, missed: 12 } }),
};

const steps = [
  'Scale the previous version up to 3',
  'Wait until 3 are ready',
  'Point the Service back',
  'Verify the version that answers',
  'Scale 2.15.0 down to 0',
  'Check that nobody was cut off',
  'Tell the team',
  'Write down the time',
];

const rollingBack = (head: WallHead): WallHead => ({
  ...head,
  rollback: {
    purpose: 'rollback',
    state: 'running',
    sentence: '',
    since: serverNow() - 41_000,
    steps: steps.map((title, at) => ({ title, state: at < 3 ? 'done' : at === 3 ? 'running' : 'waiting' })),
  },
});

const oneRunning = (head: WallHead): WallHead => ({
  ...head,
  running: [
    {
      ...{ of: 'probe', label: 'npm run test:coverage', since: serverNow() - 45_000, ofMs: 1_200_000 },
      line: 'PASS src/deliveries/deliveries.test.ts (128 of 341)',
    },
  ],
});
const manyRunning = (head: WallHead): WallHead => {
  const labels = ['docker compose build --no-cache --pull backend-api worker scheduler', 'npm ci', 'npm audit'];
  const line = 'Step 14 of 31: RUN npm ci --omit=dev && npm run build -- --configuration production';
  const commands = labels.map((label, at): WallRunning => ({
    ...{ of: 'command', label, since: serverNow() - 30_000 + at, ofMs: 60_000 },
    line: at === 0 ? line : '',
  }));
  return { ...head, running: [...oneRunning(head).running, ...commands] };
};

const heads: Readonly<Record<string, (head: WallHead) => WallHead>> = {
  well: (head) => ({
    ...head,
    environment: 'production',
    practice: false,
    overdue: [],
    counts: { ...head.counts, overdue: 0 },
    gate: head.gate === null ? null : { ...head.gate, votes: head.gate.votes.map((vote) => ({ ...vote, said: 'go' })) },
  }),
  rollback: rollingBack,
  command: oneRunning,
  commands: (head) => manyRunning(rollingBack(head)),
  held: (head) => {
    const { rollback } = rollingBack(head);
    return { ...head, rollback: rollback === null ? null : { ...rollback, state: 'held' } };
  },
  long: (head) => ({
    ...head,
    service: 'identity-and-access-management-gateway-for-partners',
    release: '2026.11.27-rc.14+build.20261127.1',
    phases: head.phases.map((phase) => ({
      ...phase,
      title: `${phase.title} of every region, with the read replicas and everything that hangs on them`,
    })),
    onPoint: { name: 'Maria-Magdalena von Hohenstein-Oberkirchner', role: null },
    alarms: head.alarms.map((alarm) => ({
      ...alarm,
      label: `${alarm.label} of the gateway for partners in Frankfurt`,
    })),
    gate: head.gate === null ? null : { ...head.gate, title: `${head.gate.title}, once every region has answered` },
  }),
  closed: (head) => ({
    ...head,
    closed: { at: serverNow() - 60_000, outcome: 'complete-except-deferred', words: 'complete except 2 deferred' },
    gate: null,
    alarms: [],
  }),
};

/** Names as teams give them that never think of a wall. */
const longer = (overlay: string, tiles: readonly WallTile[]): readonly WallTile[] =>
  overlay !== 'long'
    ? tiles
    : tiles.map((tile) => ({ ...tile, label: `${tile.label} of the gateway for partners, as Frankfurt sees it` }));

const shownOf = (view: RunView, overlay: string): WallShown => {
  const { context, room, shift, rollbacks, alarms } = view;
  const head = wallHead({
    context,
    room,
    shift,
    rollbacks,
    alarms,
    gates: gateSightOf(view, serverNow()),
    running: [],
  });
  return {
    runId: 'gallery' as RunId,
    seq: room.lastSeq,
    head: heads[overlay]?.(head) ?? head,
    tiles: longer(
      overlay,
      createWallTiles(context.target)(
        { health: new Map([...view.probes, ...view.metrics]), points: (metric) => view.points.get(metric) ?? [] },
        (metric) => baselineOf(view, metric),
      ),
    ),
    muted: false,
    redacted: overlay === 'redacted',
    at: serverNow(),
  };
};

/** A scene on a wall, without a desk behind it: `?gallery=calm&wall`, and `&wall=stale` for a state of the link. */
export const WallScene = ({ view, overlay }: { readonly view: RunView; readonly overlay: string }) => {
  const [made] = useState(() => {
    const state: WallState = { ...opening, kind: 'live', shown: shownOf(view, overlay) };
    return {
      feed: createStore(overlays[overlay]?.(state) ?? state),
      screen: openScreen(new URLSearchParams(location.search)),
    };
  });
  useEffect(() => void (document.documentElement.dataset['medium'] = 'wall'), []);
  return <Wall feed={made.feed} screen={made.screen} />;
};

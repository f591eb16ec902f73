import type { HealthTick, Point, PracticeState, RunContext } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import { lintRunbook } from '../../../shared/runbook/lint.ts';
import { parseRunbook } from '../../../shared/runbook/parse.ts';
import { scenarios } from '../../../shared/scenarios.ts';
import { bindItems } from '../../../shared/target/bind.ts';
import type { Target } from '../../../shared/target/schema.ts';
import { parseTarget } from '../../../shared/target/parse.ts';
import runbookText from '../../../shared/runbooks/production-deployment-checklist.md?raw';
import targetText from '../../../shared/runbooks/practice.target.yaml?raw';
import { serverNow } from '../../now.ts';
import { emptyView, withEvents, withTick } from '../../run-view.ts';
import type { NoticesNow } from '../../../shared/notices/contract.ts';
import type { RunView } from '../../run-view.ts';
import { createStore } from '../../store.ts';
import type { RoomActions, RoomScope } from '../room/room-context.tsx';
import { createRoomUi, noticing, patch } from '../room/room-ui.ts';
import { noticesOf } from './notice-scenes.ts';

const boundContext = (text: string, name: string, target: Target): RunContext => {
  const runbook = parseRunbook(text);
  const { bound, unbound } = bindItems(runbook, target);
  return {
    runId: 'gallery' as RunId,
    runbook,
    runbookName: name,
    runbookSha256: '0'.repeat(64),
    target,
    bindings: bound,
    unbound,
    problems: lintRunbook(text, runbook),
  };
};

const bundledTarget = (): Target => {
  const { target, problems } = parseTarget(targetText);
  if (target === null) throw new Error(`the bundled target has problems: ${problems[0]?.message ?? ''}`);
  return target;
};

/** The bundled checklist and target, bound as a run would bind them. */
export const galleryContext = (): RunContext =>
  boundContext(runbookText, 'production-deployment-checklist.md', bundledTarget());

/** A phase of 1,000 items and 100 metrics: more than anybody should have, and it has to stay smooth. */
const longContext = (): RunContext => {
  const target = bundledTarget();
  const specs = Object.entries(target.metrics);
  const metrics = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => {
      const [id, spec] = specs[at % specs.length] ?? ['', undefined];
      return spec === undefined ? [] : [[`${id}-${at}`, { ...spec, label: `${spec.label} ${at + 1}` }] as const];
    }).flat(),
  );
  const items = Array.from({ length: 1_000 }, (_, at) => `- [ ] Step ${at + 1}: move shard ${at} and read its lag`);
  return boundContext(`# A very long day\n\n## Phase 1: Shards\n\n${items.join('\n')}\n`, 'shards.md', {
    ...target,
    metrics,
    bindings: [],
  });
};

const practice: PracticeState = {
  running: true,
  clusterFaults: [],
  received: [],
  faults: ['Slow answers', 'Errors', 'Health down', 'Database gone', 'Slow drip', 'Expired certificate'].map(
    (label, at) => ({
      name: label,
      label,
      sentence: `${label} in the practice service.`,
      level: at === 1 ? 1 : 0,
    }),
  ),
  parts: [{ name: 'Redis', state: 'not-available', sentence: 'no redis-server on this machine' }],
};

const taken = (): Promise<boolean> => Promise.resolve(true);

const idle: Omit<RoomActions, 'focus' | 'history'> = {
  tick: taken,
  untick: taken,
  fill: taken,
  note: taken,
  override: taken,
  defer: taken,
  waive: taken,
  reopen: taken,
  setT0: taken,
  correctT0: taken,
  checkNow: taken,
  stop: taken,
  acknowledge: taken,
  shelve: taken,
  unshelve: taken,
  close: taken,
  exportRun: taken,
  lookAtMove: () => Promise.reject(new Error('A scene has no other version.')),
  move: taken,
  setFault: taken,
  deploy: taken,
  identify: taken,
  second: taken,
  answer: taken,
  vote: taken,
  decide: taken,
  bypass: taken,
  setSpeed: taken,
  offerShift: taken,
  acceptShift: taken,
  contacts: () => Promise.resolve([]),
  keepContact: taken,
  sendNotices: taken,
  editNotices: taken,
  discardNotices: taken,
  openIncident: () => Promise.resolve(null),
  noteIncident: taken,
  gradeIncident: taken,
  nameCause: taken,
  resolveIncident: taken,
  reopenIncident: taken,
  reviewIncident: taken,
  addAction: taken,
  changeAction: taken,
  closeAction: taken,
  startEscalation: taken,
  acknowledgeEscalation: taken,
  advanceEscalation: taken,
  postponeEscalation: taken,
  resolveEscalation: taken,
  giveDetail: taken,
  reportRollback: taken,
  typeValue: taken,
  rawSamples: () => Promise.resolve([]),
  takeBaseline: taken,
  giveVerdict: taken,
  lookAtVerdict: () => Promise.reject(new Error('A scene holds no samples to judge.')),
  verdictPoints: () => Promise.resolve({ baseline: [], current: [] }),
  keepPicture: () => Promise.resolve(),
  picture: () => Promise.reject(new Error('A scene keeps no picture.')),
  acrossRuns: () =>
    Promise.resolve({ minuteMs: null, before: [], now: {}, failures: { failed: 0, of: 0, restoreMs: null } }),
};

/** The same health, a moment later, with one new point for every metric. */
const nextTick = (tick: HealthTick, now: number): HealthTick => {
  const metrics = tick.metrics.map((health) => ({ ...health, at: now }));
  const points = metrics.map(({ id, value }): [string, readonly Point[]] => [
    id,
    [[now, (value ?? 1) * (0.9 + Math.random() / 5)]],
  ]);
  return { at: now, probes: [], metrics, points: Object.fromEntries(points) };
};

/** A room without an app behind it: what is pressed moves the view, and changes nothing; `told` names an outbox. Null for a name nobody knows. */
export const sceneOf = (name: string, told = ''): RoomScope | null => {
  const long = name === 'very-long';
  const scenario = scenarios.find((each) => each.name === (long ? 'calm' : name));
  if (scenario === undefined) return null;
  const context = long ? longContext() : galleryContext();
  const { events, tick } = scenario.build(context, serverNow());
  const view = createStore<RunView>(withTick(withEvents(emptyView(context), events), tick));
  const ui = createRoomUi();
  const notices = noticesOf(told, serverNow());
  if (notices !== null) patch(ui, { turnedTo: noticing });
  if (long) setInterval(() => view.set(withTick(view.get(), nextTick(tick, serverNow()))), 1_000);
  return {
    view,
    ui,
    practice: createStore<PracticeState | null>(practice),
    notices: createStore<NoticesNow | null>(notices ?? { channels: [], notices: [] }),
    actions: {
      ...idle,
      focus: (item) => {
        patch(ui, { moving: item, turnedTo: null });
        return taken();
      },
      history: (metric) => Promise.resolve(view.get().points.get(metric) ?? []),
    },
    operator: { name: 'Ana Ruiz', role: 'On-call engineer' },
    operates: true,
    signedIn: true,
    link: 'live',
  };
};

import type { PracticeState, RunContext } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import { lintRunbook } from '../../../shared/runbook/lint.ts';
import { parseRunbook } from '../../../shared/runbook/parse.ts';
import { scenarios } from '../../../shared/scenarios.ts';
import { bindItems } from '../../../shared/target/bind.ts';
import { parseTarget } from '../../../shared/target/parse.ts';
import runbookText from '../../../shared/runbooks/production-deployment-checklist.md?raw';
import targetText from '../../../shared/runbooks/practice.target.yaml?raw';
import { serverNow } from '../../now.ts';
import { emptyView, withEvents, withTick } from '../../run-view.ts';
import type { RunView } from '../../run-view.ts';
import { createStore } from '../../store.ts';
import type { RoomActions, RoomScope } from '../room/room-context.tsx';
import { createRoomUi, patch } from '../room/room-ui.ts';

/** The bundled checklist and target, bound as a run would bind them. */
export const galleryContext = (): RunContext => {
  const runbook = parseRunbook(runbookText);
  const { target, problems } = parseTarget(targetText);
  if (target === null) throw new Error(`the bundled target has problems: ${problems[0]?.message ?? ''}`);
  const { bound, unbound } = bindItems(runbook, target);
  return {
    runId: 'gallery' as RunId,
    runbook,
    runbookName: 'production-deployment-checklist.md',
    runbookSha256: '0'.repeat(64),
    target,
    bindings: bound,
    unbound,
    problems: lintRunbook(runbookText, runbook),
  };
};

const practice: PracticeState = {
  running: true,
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
  close: taken,
  setFault: taken,
  deploy: taken,
  identify: taken,
};

/** A room without an app behind it: what is pressed moves the view, and changes nothing. Null for a name nobody knows. */
export const sceneOf = (name: string): RoomScope | null => {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) return null;
  const context = galleryContext();
  const { events, tick } = scenario.build(context, serverNow());
  const view = createStore<RunView>(withTick(withEvents(emptyView(context), events), tick));
  const ui = createRoomUi();
  return {
    view,
    ui,
    practice: createStore<PracticeState | null>(practice),
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
    link: 'live',
  };
};

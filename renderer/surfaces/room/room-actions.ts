import type { Client, Hello, PracticeState } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import type { ItemId } from '../../../shared/runbook/model.ts';
import { currentItem } from '../../../shared/projections/checklist.ts';
import { saveFile } from '../../parts/save-file.ts';
import type { Notices } from '../../notices.ts';
import { takenWith } from '../../refusal.ts';
import type { RunView } from '../../run-view.ts';
import type { Store } from '../../store.ts';
import { alarmActions } from '../alarms/alarm-actions.ts';
import { clockActions } from '../clock/clock-actions.ts';
import { incidentActions } from '../incidents/incident-actions.ts';
import { noticeActions } from '../notices/notice-actions.ts';
import { verdictActions } from '../compare/verdict-actions.ts';
import { moveActions } from './move-actions.ts';
import type { RoomActions } from './room-context.tsx';
import { patch } from './room-ui.ts';
import type { RoomUi } from './room-ui.ts';

type Deps = {
  readonly client: Client;
  readonly runId: RunId;
  readonly view: Store<RunView>;
  readonly ui: Store<RoomUi>;
  readonly practice: Store<PracticeState | null>;
  readonly notices: Notices;
  readonly greeted: (hello: Hello) => void;
};

const restMs = 150;

/**
 * Moving is shown at once and told when the keys come to rest, so that ten presses of J are one event in the log. What
 * is shown goes back to the log's word as soon as that says anything about it, or when it is refused.
 */
const mover = ({ client, runId, view, ui }: Deps, taken: (call: Promise<unknown>) => Promise<boolean>) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (item: ItemId): Promise<boolean> => {
    clearTimeout(timer);
    patch(ui, { moving: item, turnedTo: null });
    return new Promise((resolve) => {
      timer = setTimeout(async () => {
        const same = currentItem(view.get().checklist) === item;
        const ok = same || (await taken(client.checklist.focus({ runId, item })));
        if (ui.get().moving === item) patch(ui, { moving: null });
        resolve(ok);
      }, restMs);
    });
  };
};

/** The room's actions over the contract. A refusal is shown with its sentence; nothing is assumed to have happened. */
export const roomActions = (deps: Deps): RoomActions => {
  const { client, runId, practice, notices, greeted } = deps;
  const taken = takenWith(notices);
  const done = async (call: Promise<unknown>, words: string): Promise<boolean> => {
    const ok = await taken(call);
    if (ok) notices.say(words);
    return ok;
  };
  const { checklist, clock } = client;
  const { fill } = checklist;
  return {
    ...clockActions(client, runId, taken),
    ...noticeActions(client, runId, taken),
    ...alarmActions(client, runId, taken),
    ...moveActions(client, runId, done),
    ...incidentActions(client, runId, taken),
    ...verdictActions({ ...deps, done }),
    focus: mover(deps, taken),
    tick: (item, value) => taken(checklist.tick({ runId, item, value })),
    untick: (item, reason) => taken(checklist.untick({ runId, item, reason })),
    fill: (field, value) => taken(fill({ runId, field, value })),
    note: (item, text) => taken(checklist.note({ runId, item, text })),
    override: (item, reason) => taken(checklist.override({ runId, item, reason })),
    defer: (item, phase, reason) => taken(checklist.defer({ runId, item, phase, reason })),
    waive: (item, reason) => taken(checklist.waive({ runId, item, reason })),
    reopen: (item, reason) => taken(checklist.reopen({ runId, item, reason })),
    setT0: (t0) => taken(clock.setT0({ runId, t0 })),
    correctT0: (t0, reason) => taken(clock.correctT0({ runId, t0, reason })),
    checkNow: (probe) =>
      done(client.probes.checkNow({ runId, probe }), probe === null ? 'Every probe is asked now.' : 'Asked now.'),
    stop: (probe) => done(client.probes.stop({ runId, probe }), 'Stopped.'),
    typeValue: (probe, value) => taken(client.probes.type({ runId, probe, value })),
    close: (reason) => done(client.runs.close({ runId, reason }), 'The run is closed.'),
    exportRun: () =>
      taken(client.run.export({ runId }).then(({ name, markdown }) => saveFile(name, markdown, 'text/markdown'))),
    setFault: (fault, level) => taken(client.practice.setFault({ runId, fault, level }).then(practice.set)),
    deploy: (release) => done(client.practice.deploy({ runId, release }), `${release} is rolling out.`),
    rawSamples: (metric, from, before, most) => client.metrics.raw({ runId, metric, from, before, most }),
    identify: (name, role) =>
      taken(
        client.desk.identify({ name, role }).then((hello) => {
          greeted(hello);
          if (hello.namesake !== null) notices.say(hello.namesake);
        }),
      ),
    history: (metric, from, to, points) => client.metrics.history({ runId, metric, from, to, points }),
  };
};

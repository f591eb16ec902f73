import { Command } from 'cmdk';
import { openRollback } from '../../../shared/projections/rollback.ts';
import { stateOf } from '../../../shared/projections/checklist.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { about } from '../about/about.ts';
import { theme } from '../../look.ts';
import { linksOf } from '../../links.ts';
import { shortTitle } from '../../outline.ts';
import { goToRuns, goToSheet } from '../../route.ts';
import { useRoom, useRun } from './room-context.tsx';
import { acknowledgeAll } from '../alarms/acknowledge-first.ts';
import { roomKeys } from './keyboard.ts';
import type { RoomAction } from './keyboard.ts';
import { deploying, patch, rollingBack } from './room-ui.ts';
import { act } from './use-room-keys.ts';
import './palette.css';

type Act = { readonly label: string; readonly keys?: string; readonly run: () => void };

const appActs = [
  { label: 'Walls: open one, sound, screens of the network…', side: 'walls' },
  { label: 'Secrets…', side: 'secrets' },
  { label: 'Displays, diagnostics and what is new…', side: 'app' },
] as const;

const useActs = (onClose: () => void): readonly Act[] => {
  const scope = useRoom();
  const { view, ui, actions, operates } = scope;
  const t0 = useRun(({ room }) => room.t0 !== null);
  const runId = useRun(({ context }) => context.runId);
  const busy = useRun(({ rollbacks }) => openRollback(rollbacks) !== null);
  const deploys = useRun(({ context }) => context.target.deploy !== undefined) && !t0 && !busy;
  const open =
    (
      kind: 't0' | 'close' | 'identify' | 'help' | 'run-note' | 'problems' | 'shift' | 'contacts' | 'details' | 'move',
    ) =>
    (): void =>
      patch(ui, { dialog: { kind } });
  const then = (run: () => void) => (): void => {
    onClose();
    run();
  };
  const keyed = (action: RoomAction): Act => {
    const { label = '', shown = '' } = roomKeys.find((key) => key.action === action) ?? {};
    return { label, keys: shown, run: then(() => act(scope, action)) };
  };
  const operating: readonly Act[] = [
    { label: 'Check everything now', keys: 'R', run: then(() => void actions.checkNow(null)) },
    { label: t0 ? 'Correct T-0…' : 'Set T-0…', run: open('t0') },
    keyed('acknowledge'),
    { label: 'Acknowledge every alarm', run: then(() => acknowledgeAll({ view, actions })) },
    { label: 'Note on the run…', run: open('run-note') },
    { label: 'Say who you are…', run: open('identify') },
    { label: 'Hand over the shift…', run: open('shift') },
    { label: 'Contacts…', run: open('contacts') },
    {
      label: 'Open an incident…',
      run: () => patch(ui, { dialog: { kind: 'open-incident', from: null, title: '' } }),
    },
    {
      label: 'Escalate…',
      run: () => patch(ui, { dialog: { kind: 'escalate', from: { kind: 'person', id: null }, subject: '' } }),
    },
    { label: 'Move to another version of the checklist…', run: open('move') },
    ...(deploys ? [{ label: 'Deploy…', run: then(() => patch(ui, { turnedTo: deploying })) }] : []),
    {
      label: busy ? 'Open the rollback' : 'Propose a rollback…',
      run: then(() => patch(ui, { turnedTo: rollingBack })),
    },
    { label: 'Rolled back outside of War Room…', run: () => patch(ui, { dialog: { kind: 'outside' } }) },
    { label: 'Close this run…', run: open('close') },
  ];
  return [
    ...(operates ? operating : []),
    ...(operates ? appActs.map(({ label, side }) => ({ label, run: then(() => about.set(side)) })) : []),
    ...(['gate', 'compare', 'rounds', 'alarms', 'notices', 'incidents', 'commands', 'links', 'mute'] as const).map(
      keyed,
    ),
    { label: 'Details of this run…', run: open('details') },
    { label: 'Remarks on the document…', run: open('problems') },
    { label: 'Print and sign…', run: then(() => goToSheet(runId, 'checklist')) },
    { label: 'Export as Markdown…', run: then(() => void actions.exportRun()) },
    { label: 'Light theme', run: then(() => theme.set('light')) },
    { label: 'Dark theme', run: then(() => theme.set('dark')) },
    { label: 'Theme of the system', run: then(() => theme.set('system')) },
    { label: 'Keys', keys: '?', run: open('help') },
    { label: 'All runs', run: then(goToRuns) },
  ];
};

/** The links of the run; the host is said before one is opened. */
const useLinks = (onClose: () => void): readonly Act[] => {
  const context = useRun((view) => view.context);
  return linksOf(context).map(({ host, label, url }) => ({
    label: `${host} ${label}`.trim(),
    run: () => {
      onClose();
      open(url, '_blank', 'noopener,noreferrer');
    },
  }));
};

const Items = ({ onClose }: { readonly onClose: () => void }) => {
  const { actions } = useRoom();
  const checklist = useRun((view) => view.checklist);
  const outline = useRun((view) => view.outline);
  return (
    <Command.Group heading="Items">
      {outline.stops.map((id) => {
        const item = checklist.items[checklist.index.get(id) ?? -1];
        const place = outline.places.get(id);
        if (item === undefined || place === undefined) return null;
        return (
          <Command.Item
            key={id}
            value={`${place.item.text} ${place.section.title} ${id}`}
            onSelect={() => {
              onClose();
              void actions.focus(id);
            }}
          >
            <Glyph name={stateOf(checklist, item)} />
            <span>{place.item.text}</span>
            <small>{shortTitle(place.phase.title)}</small>
          </Command.Item>
        );
      })}
    </Command.Group>
  );
};

/** Finds any item, phase, metric or action by a few letters. */
export const Palette = ({ onClose }: { readonly onClose: () => void }) => {
  const { ui } = useRoom();
  const acts = useActs(onClose);
  const links = useLinks(onClose);
  const phases = useRun(({ context }) => context.runbook.phases);
  const metrics = useRun(({ context }) => context.target.metrics);
  return (
    <Dialog title="Go to" width="narrow" onClose={onClose}>
      <Command label="Command palette" className="palette" loop>
        <Command.Input placeholder="An item, phase, metric or action" autoFocus />
        <Command.List className="scroll">
          <Command.Empty>Nothing of that name.</Command.Empty>
          <Command.Group heading="Actions">
            {acts.map(({ label, keys, run }) => (
              <Command.Item key={label} value={label} onSelect={run}>
                {label}
                {keys !== undefined && <kbd>{keys}</kbd>}
              </Command.Item>
            ))}
          </Command.Group>
          {links.length > 0 && (
            <Command.Group heading="Links">
              {links.map((link) => (
                <Command.Item key={link.label} value={`link ${link.label}`} onSelect={link.run}>
                  {link.label}
                </Command.Item>
              ))}
            </Command.Group>
          )}
          <Command.Group heading="Phases">
            {phases.map((phase) => (
              <Command.Item
                key={phase.id}
                value={`phase ${phase.title}`}
                onSelect={() => patch(ui, { turnedTo: phase.id, dialog: null })}
              >
                {shortTitle(phase.title)}
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading="Metrics">
            {Object.entries(metrics).map(([id, spec]) => (
              <Command.Item
                key={id}
                value={`metric ${spec.label} ${id}`}
                onSelect={() => patch(ui, { dialog: { kind: 'metric', id } })}
              >
                {spec.label}
              </Command.Item>
            ))}
          </Command.Group>
          <Items onClose={onClose} />
        </Command.List>
      </Command>
    </Dialog>
  );
};

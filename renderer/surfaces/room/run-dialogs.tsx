import { oneKeyActions } from '../../look.ts';
import { useStore } from '../../store.ts';
import { progressOf } from '../../../shared/projections/progress.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { IdentifyDialog } from '../../parts/identify-dialog.tsx';
import { Problems } from '../../parts/problems.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { goToTarget } from '../../route.ts';
import { sameParts } from '../../store.ts';
import { ShelveDialog } from '../alarms/shelve-dialog.tsx';
import { chartKeys } from '../metric/chart-keys.ts';
import { CommandDialog, ExecutionDialog } from '../commands/command-dialog.tsx';
import { ContactsDialog } from '../clock/contacts-dialog.tsx';
import { GateDialog } from '../clock/gate-dialog.tsx';
import { ReadingDialog } from '../clock/reading-dialog.tsx';
import { ShiftDialog } from '../clock/shift-dialog.tsx';
import { BaselineDialog, PictureDialog } from '../compare/baseline-dialogs.tsx';
import { ItemDialog } from './item-dialog.tsx';
import { roomKeys } from './keyboard.ts';
import { MetricDialog, ProbeDialog } from './metric-dialog.tsx';
import { DetailsDialog } from '../details/details-dialog.tsx';
import { IncidentDialogs } from '../incidents/incident-dialogs.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { LinksDialog } from './links-dialog.tsx';
import { Palette } from './palette.tsx';
import { useRoom, useRun, useUi } from './room-context.tsx';
import { patch } from './room-ui.ts';
import { T0Dialog } from './t0-dialog.tsx';

type Props = { readonly onClose: () => void };

const HelpDialog = ({ onClose }: Props) => {
  const on = useStore(oneKeyActions, (value) => value);
  return (
    <Dialog title="Keys" lead="Everything in the room can be done without a mouse." onClose={onClose}>
      <dl className="keys">
        {roomKeys.map((key) => (
          <div key={key.action}>
            <dt>
              <kbd>{key.shown}</kbd>
            </dt>
            <dd>{key.label}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Ctrl K</kbd>
          </dt>
          <dd>Find an item, phase or action</dd>
        </div>
      </dl>
      <h3>On a chart that has the focus</h3>
      <dl className="keys">
        {chartKeys.map((key) => (
          <div key={key.shown}>
            <dt>
              <kbd>{key.shown}</kbd>
            </dt>
            <dd>{key.label}</dd>
          </div>
        ))}
      </dl>
      <label className="row">
        <input type="checkbox" checked={on} onChange={(event) => oneKeyActions.set(event.target.checked)} />
        One-key actions are on
      </label>
    </Dialog>
  );
};

const RunNoteDialog = ({ onClose }: Props) => {
  const { actions } = useRoom();
  return (
    <Dialog title="Note on the run" onClose={onClose}>
      <ReasonForm
        label="What should be remembered"
        action="Keep note"
        least={1}
        onCancel={onClose}
        onSend={(text) => actions.note(null, text)}
      />
    </Dialog>
  );
};

/** Ends the run with a person's call; what is still open is said before, not after. */
const CloseDialog = ({ onClose }: Props) => {
  const { actions } = useRoom();
  const all = useRun(({ checklist }) => progressOf(checklist, null), sameParts);
  const open = all.items - all.settled;
  const clean = open === 0 && all.deferred === 0;
  return (
    <Dialog
      title="Close this run"
      lead={
        clean
          ? `All ${all.items} items are settled${all.overrides > 0 ? `, ${all.overrides} of them by override` : ''}. Nothing can be ticked or signed after the end.`
          : `${open} of ${all.items} items are still open, ${all.failing} failing, ${all.deferred} deferred. The run ends as it stands, and nothing can be ticked or signed after that.`
      }
      onClose={onClose}
    >
      <ReasonForm
        label="Why it ends now"
        action="Close the run"
        onCancel={onClose}
        onSend={(reason) => actions.close(reason)}
      />
    </Dialog>
  );
};

const ProblemsDialog = ({ onClose }: Props) => {
  const problems = useRun(({ context }) => context.problems);
  const { unbound, runId } = useRun(({ context }) => context);
  const { actions, operates, ui } = useRoom();
  return (
    <Dialog
      title="Remarks on the document"
      width="wide"
      lead="The document stays as its team wrote it. This is what War Room would write differently."
      onClose={onClose}
    >
      <p className="row">
        {operates && <button onClick={() => goToTarget(runId)}>See them in the document</button>}
        <button onClick={() => void actions.exportRun()}>Export as Markdown</button>
        {operates && <button onClick={() => patch(ui, { dialog: { kind: 'move' } })}>Move to another version…</button>}
      </p>
      <Problems problems={problems} />
      {unbound.map((binding) => (
        <p key={`${binding.item} ${binding.section ?? ''}`}>{binding.sentence}</p>
      ))}
    </Dialog>
  );
};

const Identify = ({ onClose }: Props) => {
  const { actions, operator } = useRoom();
  const voters = useRun((view) => view.voters);
  const roles = voters.map(({ label }) => label);
  return <IdentifyDialog operator={operator} roles={roles} onSend={actions.identify} onClose={onClose} />;
};

/** The one dialog that is open, if any. */
export const RoomDialogs = () => {
  const { ui } = useRoom();
  const dialog = useUi((state) => state.dialog);
  const onClose = (): void => patch(ui, { dialog: null });
  if (dialog === null) return null;
  if ('item' in dialog)
    return <ItemDialog key={`${dialog.kind} ${dialog.item}`} kind={dialog.kind} item={dialog.item} onClose={onClose} />;
  switch (dialog.kind) {
    case 'help':
      return <HelpDialog onClose={onClose} />;
    case 'run-note':
      return <RunNoteDialog onClose={onClose} />;
    case 'close':
      return <CloseDialog onClose={onClose} />;
    case 'problems':
      return <ProblemsDialog onClose={onClose} />;
    case 'move':
      return <MoveDialog onClose={onClose} />;
    case 'identify':
      return <Identify onClose={onClose} />;
    case 't0':
      return <T0Dialog onClose={onClose} />;
    case 'palette':
      return <Palette onClose={onClose} />;
    case 'metric':
      return <MetricDialog id={dialog.id} onClose={onClose} />;
    case 'probe':
      return <ProbeDialog id={dialog.id} onClose={onClose} />;
    case 'command':
      return <CommandDialog id={dialog.id} onClose={onClose} />;
    case 'execution':
      return <ExecutionDialog key={dialog.id} id={dialog.id} onClose={onClose} />;
    case 'gate':
      return <GateDialog id={dialog.id} onClose={onClose} />;
    case 'shelve':
      return <ShelveDialog alarm={dialog.alarm} onClose={onClose} />;
    case 'reading':
      return <ReadingDialog round={dialog.round} reading={dialog.reading} onClose={onClose} />;
    case 'shift':
      return <ShiftDialog onClose={onClose} />;
    case 'links':
      return <LinksDialog onClose={onClose} />;
    case 'details':
      return <DetailsDialog onClose={onClose} />;
    case 'baseline':
      return <BaselineDialog onClose={onClose} />;
    case 'picture':
      return <PictureDialog baseline={dialog.baseline} onClose={onClose} />;
    case 'contacts':
      return <ContactsDialog onClose={onClose} />;
    default:
      return <IncidentDialogs dialog={dialog} onClose={onClose} />;
  }
};

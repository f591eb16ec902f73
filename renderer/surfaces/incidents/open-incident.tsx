import { useId, useState } from 'react';
import { escalationPath } from '../../../shared/escalation/path.ts';
import { formatSpan } from '../../../shared/format.ts';
import { gateView } from '../../../shared/projections/gates.ts';
import { isActive } from '../../../shared/projections/alarms.ts';
import { severitiesOf } from '../../../shared/incidents/severities.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogForm } from '../../parts/dialog-form.tsx';
import type { RunView } from '../../run-view.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import type { EscalationFrom, IncidentFrom } from './incident-actions.ts';

type Cause = { readonly from: IncidentFrom; readonly label: string; readonly title: string };

/** What in this run may have brought an incident about: alarms that stand, gates that were not passed, rollbacks. */
const causesOf = ({ alarms, plan, gates, rollbacks }: RunView): readonly Cause[] => [
  { from: { kind: 'person', id: null }, label: 'Somebody noticed', title: '' },
  ...[...alarms.byKey.values()].filter(isActive).map(({ alarm, label }): Cause => {
    return { from: { kind: 'alarm', id: alarm }, label: `Alarm: ${label}`, title: label };
  }),
  ...plan.gates.flatMap(({ id, title }): readonly Cause[] => {
    const view = gateView(gates, id);
    const against = [...view.votes.values()].some(({ go }) => !go);
    const back = view.passage?.kind === 'decided' && view.passage.decision === 'rollback';
    return against || back ? [{ from: { kind: 'gate', id }, label: `Gate: ${title}`, title: `No-go: ${title}` }] : [];
  }),
  ...rollbacks.rollbacks
    .filter(({ proposed }) => proposed.purpose === 'rollback')
    .map(({ id, proposed }): Cause => {
      const label = `Rollback: ${proposed.from} → ${proposed.to}`;
      return { from: { kind: 'rollback', id }, label, title: proposed.reason };
    }),
];

const keyOf = ({ kind, id }: IncidentFrom): string => `${kind} ${id ?? ''}`;

type Props = {
  readonly from: IncidentFrom | null;
  readonly title: string;
  readonly onClose: () => void;
};

const Path = ({ critical }: { readonly critical: boolean }) => {
  const runbook = useRun(({ context }) => context.runbook);
  const path = escalationPath(runbook, critical);
  return (
    <small className="hint">
      {path
        .map(({ role, text, afterMs }) => `${role ?? text} ${afterMs === 0 ? 'now' : `after ${formatSpan(afterMs)}`}`)
        .join(' → ')}
    </small>
  );
};

/** Opens an incident: what it is, how bad, what brought it about, and whether people are called at once. */
export const OpenIncident = ({ from, title: given, onClose }: Props) => {
  const { actions, ui } = useRoom();
  const id = useId();
  const view = useRun((run) => run);
  const [causes] = useState(() => causesOf(view));
  const [cause, setCause] = useState<IncidentFrom>(from ?? { kind: 'person', id: null });
  const [title, setTitle] = useState(given);
  const severities = severitiesOf(view.context.runbook);
  const [severity, setSeverity] = useState(severities[0] ?? '');
  const [escalate, setEscalate] = useState(true);
  const send = async (): Promise<void> => {
    const opened = await actions.openIncident(title.trim(), severity, cause, escalate);
    if (opened !== null) patch(ui, { dialog: { kind: 'incident', id: opened } });
  };
  const choose = (key: string): void => {
    const picked = causes.find((one) => keyOf(one.from) === key);
    if (picked === undefined) return;
    setCause(picked.from);
    if (title === '' || causes.some((one) => one.title === title)) setTitle(picked.title);
  };
  return (
    <Dialog title="Open an incident" onClose={onClose}>
      <DialogForm
        action="Open the incident"
        disabled={title.trim() === ''}
        onSend={() => void send()}
        onCancel={onClose}
      >
        <div className="field">
          <label htmlFor={`${id}-from`}>What brought it about</label>
          <select id={`${id}-from`} value={keyOf(cause)} onChange={(event) => choose(event.target.value)}>
            {causes.map((one) => (
              <option key={keyOf(one.from)} value={keyOf(one.from)}>
                {one.label}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-title`}>What is wrong</label>
          <input
            id={`${id}-title`}
            value={title}
            maxLength={400}
            autoFocus
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-severity`}>Severity</label>
          <select id={`${id}-severity`} value={severity} onChange={(event) => setSeverity(event.target.value)}>
            {severities.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </div>
        <label className="row">
          <input type="checkbox" checked={escalate} onChange={(event) => setEscalate(event.target.checked)} />
          Begin the escalation path
        </label>
        {escalate && <Path critical={severity === severities[0]} />}
      </DialogForm>
    </Dialog>
  );
};

type EscalateProps = { readonly from: EscalationFrom; readonly subject: string; readonly onClose: () => void };

/** Begins the escalation path without an incident: by hand, or for an alarm that nobody acknowledges. */
export const Escalate = ({ from, subject: given, onClose }: EscalateProps) => {
  const { actions } = useRoom();
  const id = useId();
  const [subject, setSubject] = useState(given);
  const [critical, setCritical] = useState(true);
  const send = async (): Promise<void> => {
    if (await actions.startEscalation(subject.trim(), from, critical)) onClose();
  };
  return (
    <Dialog
      title="Escalate"
      lead="The document's own path, with its times. Whom it calls hears of it by a notice, which waits for a click unless the target sends it by itself."
      onClose={onClose}
    >
      <DialogForm action="Begin" disabled={subject.trim() === ''} onSend={() => void send()} onCancel={onClose}>
        <div className="field">
          <label htmlFor={id}>What it is about</label>
          <input
            id={id}
            value={subject}
            maxLength={400}
            autoFocus
            onChange={(event) => setSubject(event.target.value)}
          />
        </div>
        <label className="row">
          <input type="checkbox" checked={critical} onChange={(event) => setCritical(event.target.checked)} />
          It is critical
        </label>
        <Path critical={critical} />
      </DialogForm>
    </Dialog>
  );
};

import { openEscalations } from '../../../shared/projections/escalations.ts';
import { resolutionMs } from '../../../shared/projections/incidents.ts';
import type { Incident } from '../../../shared/projections/incidents.ts';
import { formatSpan } from '../../../shared/format.ts';
import { Since } from '../../parts/age.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { EscalationDialog } from './escalation-dialog.tsx';
import type { EscalationFrom, IncidentFrom } from './incident-actions.ts';
import { IncidentDialog } from './incident-dialog.tsx';
import { Escalate, OpenIncident } from './open-incident.tsx';
import { OutsideDialog } from './outside-dialog.tsx';
import './incidents.css';

export type IncidentDialogKind =
  | { readonly kind: 'incidents' | 'outside' }
  | { readonly kind: 'incident' | 'escalation'; readonly id: string }
  | { readonly kind: 'open-incident'; readonly from: IncidentFrom | null; readonly title: string }
  | { readonly kind: 'escalate'; readonly from: EscalationFrom; readonly subject: string };

const Line = ({ incident }: { readonly incident: Incident }) => {
  const { ui } = useRoom();
  const clock = useRun(({ room }) => room.clock);
  const took = resolutionMs(incident, clock);
  return (
    <li>
      <button className="due-line" onClick={() => patch(ui, { dialog: { kind: 'incident', id: incident.id } })}>
        <Glyph name={took === null ? 'fail' : 'done'} label={took === null ? 'open' : 'resolved'} />
        <span className="due-title">
          {incident.id} · {incident.severity}: {incident.title}
        </span>
        <small>{incident.cause ?? 'cause not known'}</small>
        <span className="due-when">{took === null ? <Since at={incident.openedAt} /> : formatSpan(took)}</span>
      </button>
    </li>
  );
};

/** Every incident of the run and every path under way. */
const List = ({ onClose }: { readonly onClose: () => void }) => {
  const { ui, operates } = useRoom();
  const incidents = useRun((view) => view.incidents);
  const paths = openEscalations(useRun((view) => view.escalations));
  return (
    <Dialog title="Incidents" onClose={onClose}>
      <ul className="due-lines">
        {incidents.map((incident) => (
          <Line key={incident.id} incident={incident} />
        ))}
        {paths.map(({ id, subject }) => (
          <li key={id}>
            <button className="due-line" onClick={() => patch(ui, { dialog: { kind: 'escalation', id } })}>
              <Glyph name="warn" label="escalated" />
              <span className="due-title">
                {id} · Escalation: {subject}
              </span>
            </button>
          </li>
        ))}
        {incidents.length + paths.length === 0 && <li className="muted">No incident in this run.</li>}
      </ul>
      {operates && (
        <div className="foot">
          <button
            onClick={() => patch(ui, { dialog: { kind: 'escalate', from: { kind: 'person', id: null }, subject: '' } })}
          >
            Escalate…
          </button>
          <button
            className="primary"
            onClick={() => patch(ui, { dialog: { kind: 'open-incident', from: null, title: '' } })}
          >
            Open an incident…
          </button>
        </div>
      )}
    </Dialog>
  );
};

/** The dialogs about incidents and escalations. */
export const IncidentDialogs = ({
  dialog,
  onClose,
}: {
  readonly dialog: IncidentDialogKind;
  readonly onClose: () => void;
}) => {
  switch (dialog.kind) {
    case 'incidents':
      return <List onClose={onClose} />;
    case 'incident':
      return <IncidentDialog key={dialog.id} id={dialog.id} onClose={onClose} />;
    case 'escalation':
      return <EscalationDialog key={dialog.id} id={dialog.id} onClose={onClose} />;
    case 'open-incident':
      return <OpenIncident from={dialog.from} title={dialog.title} onClose={onClose} />;
    case 'outside':
      return <OutsideDialog onClose={onClose} />;
    case 'escalate':
      return <Escalate from={dialog.from} subject={dialog.subject} onClose={onClose} />;
  }
};

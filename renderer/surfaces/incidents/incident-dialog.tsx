import { useId, useState } from 'react';
import { formatSpan } from '../../../shared/format.ts';
import { severitiesOf } from '../../../shared/incidents/severities.ts';
import { resolutionMs } from '../../../shared/projections/incidents.ts';
import type { Incident, IncidentEntry } from '../../../shared/projections/incidents.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { Since } from '../../parts/age.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { clockTime } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { IncidentToDo } from './incident-to-do.tsx';
import './incidents.css';

type Tool = 'note' | 'cause' | 'grade' | 'resolve' | 'reopen' | 'held' | 'not-held';
type Asking = { readonly tool: Tool; readonly corrects: number | null } | null;

const forms: Readonly<Record<Tool, { readonly label: string; readonly action: string; readonly least: number }>> = {
  note: { label: 'What happened, or what was done', action: 'Add to the record', least: 1 },
  cause: { label: 'Root cause, as known now', action: 'Name the root cause', least: 1 },
  grade: { label: 'Why the severity is another one', action: 'Change the severity', least: 10 },
  resolve: { label: 'How it was resolved', action: 'Resolved', least: 1 },
  reopen: { label: 'Why it is not over', action: 'Reopen', least: 10 },
  held: { label: 'What the post-mortem came to', action: 'Post-mortem held', least: 1 },
  'not-held': { label: 'Why there is no post-mortem', action: 'No post-mortem', least: 10 },
};

type FormProps = {
  readonly incident: Incident;
  readonly asking: NonNullable<Asking>;
  readonly onCancel: () => void;
};

const ToolForm = ({ incident, asking, onCancel }: FormProps) => {
  const { actions } = useRoom();
  const id = useId();
  const others = severitiesOf(useRun(({ context }) => context.runbook)).filter((each) => each !== incident.severity);
  const [severity, setSeverity] = useState(others[0] ?? '');
  const { tool, corrects } = asking;
  const { label, action, least } = forms[tool];
  const send = (words: string): Promise<boolean> => {
    switch (tool) {
      case 'note':
        return actions.noteIncident(incident.id, words, corrects);
      case 'cause':
        return actions.nameCause(incident.id, words);
      case 'grade':
        return actions.gradeIncident(incident.id, severity, words);
      case 'resolve':
        return actions.resolveIncident(incident.id, words);
      case 'reopen':
        return actions.reopenIncident(incident.id, words);
      case 'held':
      case 'not-held':
        return actions.reviewIncident(incident.id, tool === 'held', words);
    }
  };
  return (
    <ReasonForm
      label={corrects === null ? label : 'What is right instead'}
      action={corrects === null ? action : 'Add the correction'}
      least={least}
      onCancel={onCancel}
      onSend={send}
    >
      {tool === 'grade' && (
        <div className="field">
          <label htmlFor={id}>Severity</label>
          <select id={id} value={severity} onChange={(event) => setSeverity(event.target.value)}>
            {others.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </div>
      )}
    </ReasonForm>
  );
};

type EntryProps = {
  readonly entry: IncidentEntry;
  readonly corrected: boolean;
  readonly correct: ((seq: number) => void) | null;
};

const Entry = ({ entry, corrected, correct }: EntryProps) => (
  <li data-corrected={corrected}>
    <time className="mono muted">{clockTime(entry.at)}</time>
    <span>
      {entry.corrects !== null && <b>Correction: </b>}
      {entry.text}
      <small className="muted">
        {' '}
        {actorName(entry.by)}
        {corrected && ', corrected below'}
      </small>
    </span>
    {correct !== null && (
      <button className="quiet" aria-label={`Correct: ${entry.text}`} onClick={() => correct(entry.seq)}>
        Correct…
      </button>
    )}
  </li>
);

const Facts = ({ incident }: { readonly incident: Incident }) => {
  const clock = useRun(({ room }) => room.clock);
  const took = resolutionMs(incident, clock);
  return (
    <dl className="card">
      <dt>Severity</dt>
      <dd>{incident.severity}</dd>
      <dt>{took === null ? 'Open for' : 'Resolution time'}</dt>
      <dd>{took === null ? <Since at={incident.openedAt} /> : formatSpan(took)}</dd>
      <dt>Root cause</dt>
      <dd>{incident.cause ?? 'not known yet'}</dd>
      {incident.resolved !== null && (
        <>
          <dt>Post-mortem</dt>
          <dd>
            {incident.review === null
              ? 'not yet'
              : `${incident.review.held ? 'held' : 'none'}: ${incident.review.text}`}
          </dd>
        </>
      )}
    </dl>
  );
};

const Tools = ({ incident, ask }: { readonly incident: Incident; readonly ask: (tool: Tool) => void }) => {
  const { ui } = useRoom();
  const path = useRun(({ escalations }) =>
    escalations.find(({ from, resolved }) => from.kind === 'incident' && from.id === incident.id && resolved === null),
  );
  const { id, title, resolved } = incident;
  if (resolved !== null)
    return (
      <div className="foot">
        <button className="quiet" onClick={() => ask('note')}>
          Add an entry…
        </button>
        <button className="quiet" onClick={() => ask('cause')}>
          Root cause…
        </button>
        <button onClick={() => ask('reopen')}>Reopen…</button>
        {incident.review === null && (
          <>
            <button onClick={() => ask('not-held')}>No post-mortem…</button>
            <button className="primary" onClick={() => ask('held')}>
              Post-mortem held…
            </button>
          </>
        )}
      </div>
    );
  const from = { kind: 'incident', id } as const;
  return (
    <div className="foot">
      <button className="quiet" onClick={() => ask('grade')}>
        Severity…
      </button>
      {path === undefined ? (
        <button
          className="quiet"
          onClick={() => patch(ui, { dialog: { kind: 'escalate', from, subject: `${id}: ${title}` } })}
        >
          Escalate…
        </button>
      ) : (
        <button className="quiet" onClick={() => patch(ui, { dialog: { kind: 'escalation', id: path.id } })}>
          Escalation {path.id}
        </button>
      )}
      <button onClick={() => ask('cause')}>Root cause…</button>
      <button onClick={() => ask('note')}>Add an entry…</button>
      <button className="primary" onClick={() => ask('resolve')}>
        Resolved…
      </button>
    </div>
  );
};

/** One incident: how it stands, everything that was said of it, and what is left to do. */
export const IncidentDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { operates } = useRoom();
  const incident = useRun(({ incidents }) => incidents.find((one) => one.id === id));
  const [asking, ask] = useState<Asking>(null);
  if (incident === undefined) return null;
  const corrected = new Set(incident.entries.map(({ corrects }) => corrects));
  const correct = operates ? (seq: number): void => ask({ tool: 'note', corrects: seq }) : null;
  return (
    <Dialog title={`Incident ${id}: ${incident.title}`} onClose={onClose}>
      <div className="stack">
        <Facts incident={incident} />
        <section aria-label="Record">
          <ol className="incident-entries scroll" tabIndex={0} aria-label="Entries, oldest first">
            {incident.entries.map((entry) => (
              <Entry key={entry.seq} entry={entry} corrected={corrected.has(entry.seq)} correct={correct} />
            ))}
          </ol>
        </section>
        <IncidentToDo incident={incident} />
        {asking !== null && (
          <ToolForm
            key={`${asking.tool} ${asking.corrects}`}
            incident={incident}
            asking={asking}
            onCancel={() => ask(null)}
          />
        )}
        {operates && asking === null && <Tools incident={incident} ask={(tool) => ask({ tool, corrects: null })} />}
      </div>
    </Dialog>
  );
};

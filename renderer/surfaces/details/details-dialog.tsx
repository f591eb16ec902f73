import { useState } from 'react';
import { detailKeys } from '../../../shared/details/events.ts';
import type { DetailKey } from '../../../shared/details/events.ts';
import { detailLabels, sourceWords } from '../../../shared/details/words.ts';
import type { Detail } from '../../../shared/projections/details.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { useApp } from '../../app-context.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogForm } from '../../parts/dialog-form.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { clockMinute } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { DetailField } from './details-fields.tsx';
import type { Drafts } from './details-fields.tsx';
import { FromGit } from './from-git.tsx';
import './details.css';

const shown = (name: DetailKey, value: string): string =>
  value === '' ? 'not said' : name === 'window-start' ? value.replace('T', ' ').replace(/Z$/u, '') : value;

/** What was suggested by the start of the run alone may be replaced without a word; anything else is corrected. */
const isSaid = (detail: Detail | undefined): boolean => detail !== undefined && detail.source !== 'run';

const Line = ({ name, edit }: { readonly name: DetailKey; readonly edit: () => void }) => {
  const { operates } = useRoom();
  const detail = useRun(({ details }) => details.get(name));
  return (
    <li>
      <span className="muted">{detailLabels[name]}</span>
      <span>
        {shown(name, detail?.value ?? '')}
        {detail !== undefined && (
          <small className="muted">
            {' '}
            {sourceWords[detail.source]}, {actorName(detail.by)}, {clockMinute(detail.at)}
            {detail.corrections > 0 && `, corrected ${detail.corrections}×`}
          </small>
        )}
      </span>
      {operates && (
        <button
          className="quiet"
          aria-label={`${isSaid(detail) ? 'Correct' : 'Change'}: ${detailLabels[name]}`}
          onClick={edit}
        >
          {isSaid(detail) ? 'Correct…' : 'Change…'}
        </button>
      )}
    </li>
  );
};

const Edit = ({ name, onDone }: { readonly name: DetailKey; readonly onDone: () => void }) => {
  const { actions } = useRoom();
  const was = useRun(({ details }) => details.get(name));
  const [value, change] = useState(was?.value ?? '');
  const give = (reason: string | null): Promise<boolean> =>
    actions.giveDetail({ key: name, value: value.trim(), source: 'person', reason });
  if (isSaid(was))
    return (
      <ReasonForm label="Why it was wrong" action="Correct it" onCancel={onDone} onSend={give}>
        <DetailField name={name} value={value} change={change} />
      </ReasonForm>
    );
  return (
    <DialogForm
      action="Write it down"
      onSend={() => void give(null).then((taken) => taken && onDone())}
      onCancel={onDone}
    >
      <DetailField name={name} value={value} change={change} />
    </DialogForm>
  );
};

const Git = () => {
  const { actions } = useRoom();
  const { connection } = useApp();
  const details = useRun((view) => view.details);
  const release = useRun(({ room }) => room.started?.release ?? '');
  const repository = useRun(({ context }) => context.target.repository ?? null);
  /** What people or git said already is not replaced: it is corrected, one by one. */
  const take = async (drafts: Drafts): Promise<void> => {
    for (const key of detailKeys) {
      const draft = drafts[key];
      if (draft !== undefined && !isSaid(details.get(key))) await actions.giveDetail({ key, ...draft, reason: null });
    }
  };
  return (
    <FromGit
      client={connection.client}
      release={release}
      repository={repository}
      take={(drafts) => void take(drafts)}
    />
  );
};

/** What the run is about: planned window, commits, people. It fills the document's own blanks for them. */
export const DetailsDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { operates } = useRoom();
  const [editing, edit] = useState<DetailKey | null>(null);
  return (
    <Dialog
      title="Details of this run"
      lead="They fill the blanks that the document has for them, and stand in its export."
      onClose={onClose}
    >
      <div className="stack">
        <ul className="details">
          {detailKeys.map((name) => (
            <Line key={name} name={name} edit={() => edit(name)} />
          ))}
        </ul>
        {editing !== null && <Edit key={editing} name={editing} onDone={() => edit(null)} />}
        {operates && editing === null && <Git />}
      </div>
    </Dialog>
  );
};

import { useCallback, useId, useState } from 'react';
import type { Source } from '../../../shared/contract.ts';
import { formatCount } from '../../../shared/format.ts';
import type { MovePreview, MoveRow } from '../../../shared/move/carry.ts';
import type { ItemId } from '../../../shared/runbook/model.ts';
import { useApp } from '../../app-context.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { readDocument } from '../../parts/read-document.ts';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { SourceField } from '../runs/source-field.tsx';
import { useBundled } from '../runs/use-choice.ts';
import { usePreview } from '../runs/use-preview.ts';
import { useRoom, useRun } from './room-context.tsx';
import './move-dialog.css';

/** What one list shows at most; nobody reads on, and the counts above it are of all. */
const mostRows = 300;

const kinds = { added: 'Added', removed: 'Removed', reworded: 'Reworded', kept: 'The same' } as const;
const marks = { added: '+', removed: '−', reworded: '~', kept: '=' } as const;

const Row = ({ row }: { readonly row: MoveRow }) => (
  <li data-kind={row.kind}>
    <span className="move-mark" title={kinds[row.kind]} aria-hidden="true">
      {marks[row.kind]}
    </span>
    <span className="sr">{kinds[row.kind]}: </span>
    <span>
      {row.was !== null && <del>{row.was}</del>} {row.kind === 'removed' ? <del>{row.words}</del> : row.words}
      {row.kind === 'reworded' && row.was === null && <span className="muted"> (its details, not its words)</span>}
      {row.said !== null && !row.stands && (
        <span className="move-lost">
          <Glyph name="warn" label="asked again" /> was: {row.said}
        </span>
      )}
    </span>
    <span className="muted">{row.section}</span>
  </li>
);

const Sentence = ({ list, before }: { readonly list: readonly string[]; readonly before: string }) =>
  list.length === 0 ? null : (
    <p className="move-note">
      <Glyph name="warn" label="Mind" />
      <span>
        {before} {list.slice(0, 12).join('; ')}
        {list.length > 12 && `; and ${list.length - 12} more`}
      </span>
    </p>
  );

/** The difference, and what it means for what was already said. */
const Difference = ({ preview }: { readonly preview: MovePreview }) => {
  const { counts, rows, lost, carried, bindings, rounds, gatesAgain, behind } = preview;
  const shown = rows.filter(({ kind, said, stands }) => kind !== 'kept' || (said !== null && !stands));
  return (
    <>
      <dl className="move-counts">
        <div>
          <dt>Items</dt>
          <dd>
            {counts.kept} the same, {counts.reworded} reworded, {counts.added} added, {counts.removed} removed
          </dd>
        </div>
        <div>
          <dt>Answers</dt>
          <dd>
            {formatCount(carried, 'answer')} stay, {lost.length} asked again
          </dd>
        </div>
        <div>
          <dt>Bindings</dt>
          <dd>
            {bindings.kept} stay, {bindings.gained.length} more, {bindings.lost.length} lost
          </dd>
        </div>
        <div>
          <dt>Rounds</dt>
          <dd>
            {rounds.kept} stay, {rounds.added} more, {rounds.lost.length} taken ones no longer in it
          </dd>
        </div>
      </dl>
      {shown.length > 0 && (
        <ul className="move-rows scroll" tabIndex={0} aria-label="What changes">
          {shown.slice(0, mostRows).map((row) => (
            <Row key={`${row.kind} ${row.item}`} row={row} />
          ))}
          {shown.length > mostRows && <li>and {shown.length - mostRows} more</li>}
        </ul>
      )}
      <Sentence
        list={lost
          .filter(
            ({ words }) => !rows.some((row) => (row.was ?? row.words) === words && row.said !== null && !row.stands),
          )
          .map(({ words, said }) => `${words}: ${said}`)}
        before="Values that go:"
      />
      <Sentence list={bindings.lost} before="Probes that answer nothing any more:" />
      <Sentence list={rounds.lost} before="Rounds that were taken and are not in the new version:" />
      <Sentence list={gatesAgain} before="Gates that people decide again:" />
      <Sentence
        list={behind}
        before="New behind a gate that stays passed; to have them asked, start anew from there:"
      />
    </>
  );
};

const ResetField = (props: {
  readonly rows: readonly MoveRow[];
  readonly value: ItemId | null;
  readonly choose: (item: ItemId | null) => void;
}) => {
  const id = useId();
  const { rows, value, choose } = props;
  return (
    <div className="field">
      <label htmlFor={id}>Ask anew</label>
      <select
        id={id}
        value={value ?? ''}
        onChange={(event) => choose(rows.find(({ item }) => item === event.target.value)?.item ?? null)}
      >
        <option value="">only what changed</option>
        {rows
          .filter(({ kind }) => kind !== 'removed')
          .map(({ item, words, section }) => (
            <option key={item} value={item}>
              everything from: {words.slice(0, 80)} ({section.slice(0, 40)})
            </option>
          ))}
      </select>
    </div>
  );
};

/** Moves the run to another version of its checklist: the difference first, then a reason. */
export const MoveDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { actions } = useRoom();
  const { notices } = useApp();
  const bundled = useBundled();
  const name = useRun(({ context }) => context.runbookName);
  const [source, setSource] = useState<Source | null>(null);
  const [from, setFrom] = useState<ItemId | null>(null);
  const look = useCallback((chosen: Source) => actions.lookAtMove(chosen, from), [actions, from]);
  const preview = usePreview(source, look);
  const choose = (next: Source): void => {
    setFrom(null);
    setSource(next);
  };
  const open = (file: File): void =>
    void readDocument(file).then((read) =>
      'refusal' in read ? notices.say(read.refusal, 'fail') : choose({ name: read.name, text: read.text }),
    );
  return (
    <Dialog
      title="Move to another version"
      width="wide"
      lead={`The run stands on "${name}" as it was when it started. Answers stay with items that are the same to the last word; everything else is asked again.`}
      onClose={onClose}
    >
      <SourceField
        label="The new version"
        accept=".md,.markdown,.txt"
        known={bundled?.runbooks ?? []}
        {...{ source, choose, open }}
      />
      {preview.kind === 'refused' && (
        <p className="move-note" role="alert">
          <Glyph name="fail" /> <span>{preview.sentence}</span>
        </p>
      )}
      {preview.kind === 'loading' && <div className="skeleton move-waiting" role="status" aria-label="Comparing" />}
      {preview.kind === 'known' && source !== null && (
        <ReasonForm
          label="Why the run goes on with it"
          action={`Move the run to this version`}
          onCancel={onClose}
          onSend={(reason) => actions.move(source, from, preview.value.sha256, reason)}
        >
          <Difference preview={preview.value} />
          <ResetField rows={preview.value.rows} value={from} choose={setFrom} />
        </ReasonForm>
      )}
    </Dialog>
  );
};

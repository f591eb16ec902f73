import { ToggleGroup } from 'radix-ui';
import { useId, useState } from 'react';
import type { Blank, Choice, Field, FieldId, ItemId, Signature } from '../../../shared/runbook/model.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { clockMinute } from '../../words.ts';
import { useRoom, useRun } from './room-context.tsx';

/** Who filled it in and when; by which metric, where a machine did. */
const Filled = ({ field }: { readonly field: FieldId }) => {
  const filled = useRun(({ checklist }) => checklist.fields.get(field));
  if (filled === undefined || filled.value === '') return null;
  return (
    <span className="field-by">
      {filled.metric ?? (filled.source === null ? actorName(filled.by) : `from ${filled.source}`)},{' '}
      {clockMinute(filled.at)}
    </span>
  );
};

/** The options alone, for a line whose words are the question. */
export const Options = ({ field, labelledBy }: { readonly field: Choice; readonly labelledBy: string }) => {
  const { actions, operates } = useRoom();
  const value = useRun(({ checklist }) => checklist.fields.get(field.id)?.value ?? '');
  return (
    <ToggleGroup.Root
      type="single"
      className="choice"
      aria-labelledby={labelledBy}
      value={value}
      disabled={!operates}
      onValueChange={(next) => void actions.fill(field.id, next)}
    >
      {field.options.map((option) => (
        <ToggleGroup.Item key={option.label} value={option.label}>
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
};

const ChoiceField = ({ field }: { readonly field: Choice }) => {
  const id = useId();
  return (
    <div className="field-row">
      <span id={id} className="field-label">
        {field.label}
      </span>
      <Options field={field} labelledBy={id} />
      <Filled field={field.id} />
    </div>
  );
};

const inputFor = (value: Blank['value']): { readonly type: string; readonly inputMode?: 'decimal' } => {
  if (value === 'number') return { type: 'text', inputMode: 'decimal' };
  return { type: value === 'date' || value === 'time' ? value : 'text' };
};

/** The live value of the metric that belongs to this blank, to be taken over with one press. */
const Offer = ({
  field,
  item,
  take,
}: {
  readonly field: Blank;
  readonly item: ItemId;
  readonly take: (text: string) => void;
}) => {
  const text = useRun(({ outline, metrics }) => {
    const fields = outline.bindings.get(item)?.fields ?? {};
    const metric = Object.entries(fields).find(([label]) => sameWords(label) === sameWords(field.label))?.[1];
    const health = metric === undefined ? undefined : metrics.get(metric);
    return health === undefined || health.value === null ? null : health.text;
  });
  if (text === null) return null;
  return (
    <button type="button" onClick={() => take(text)}>
      Use {text}
    </button>
  );
};

const BlankField = ({ field, item }: { readonly field: Blank; readonly item: ItemId | null }) => {
  const { actions, operates } = useRoom();
  const id = useId();
  const known = useRun(({ checklist }) => checklist.fields.get(field.id)?.value ?? '');
  const [draft, setDraft] = useState<string | null>(null);
  const save = (value: string): void => {
    if (value !== known) void actions.fill(field.id, value).then((taken) => taken && setDraft(null));
    else setDraft(null);
  };
  return (
    <div className="field-row">
      <label htmlFor={id} className="field-label">
        {field.label}
      </label>
      <span className="field-input">
        <input
          id={id}
          {...inputFor(field.value)}
          value={draft ?? known}
          disabled={!operates}
          data-kind={field.value}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={(event) => save(event.target.value.trim())}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save(event.currentTarget.value.trim());
            if (event.key === 'Escape') setDraft(null);
          }}
        />
        {field.unit !== null && <span className="field-unit">{field.unit}</span>}
        {field.target !== null && <span className="field-target">target {field.target.text}</span>}
        {operates && item !== null && known === '' && <Offer field={field} item={item} take={save} />}
      </span>
      <Filled field={field.id} />
    </div>
  );
};

const SignatureField = ({ field }: { readonly field: Signature }) => {
  const { actions, operator, operates } = useRoom();
  const signed = useRun(({ checklist }) => (checklist.fields.get(field.name.id)?.value ?? '') !== '');
  const sign = async (): Promise<void> => {
    const taken = await actions.fill(field.name.id, operator.name);
    if (taken && field.date !== null) await actions.fill(field.date.id, new Date().toISOString().slice(0, 10));
  };
  return (
    <>
      <BlankField field={field.name} item={null} />
      {field.date !== null && <BlankField field={field.date} item={null} />}
      {operates && !signed && <button onClick={() => void sign()}>Sign as {operator.name}</button>}
    </>
  );
};

/** One thing to fill in, where the paper has a blank or boxes. */
export const FieldRow = ({ field, item = null }: { readonly field: Field; readonly item?: ItemId | null }) => {
  switch (field.kind) {
    case 'choice':
      return <ChoiceField field={field} />;
    case 'blank':
      return <BlankField field={field} item={item} />;
    case 'signature':
      return <SignatureField field={field} />;
  }
};

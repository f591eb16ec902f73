import { useMemo, useState } from 'react';
import type { UnderstoodDocument } from '../../../shared/document-views.ts';
import { formatCount } from '../../../shared/format.ts';
import { acceptBindings } from '../../../shared/runbook/bind.ts';
import type { Suggestion } from '../../../shared/runbook/bind.ts';
import type { ItemId } from '../../../shared/runbook/model.ts';
import { readSource } from '../../../shared/runbook/source.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { BindingList } from './binding-list.tsx';
import { Remark } from './remark.tsx';
import { Slices } from './slices.tsx';
import { SourceLines } from './source-lines.tsx';

type Props = { readonly understood: UnderstoodDocument };

type Line = { readonly number: number; readonly text: string; readonly added: boolean };

/** The new file's lines; those that the old one has not at their place were added. */
const linesOf = (before: string, after: string): readonly Line[] => {
  const old = readSource(before).lines;
  let at = 0;
  return readSource(after).lines.map((text, index) => {
    const added = old[at] !== text;
    if (!added) at += 1;
    return { number: index + 1, text, added };
  });
};

const lineHeight = (): number => 21;
const drawLine = ({ number, text, added }: Line) => (
  <div key={number} className="yaml-line" data-added={added}>
    <SourceLines lines={[text]} from={number} />
  </div>
);

const fileName = (name: string): string =>
  `${(name.split(/[\\/]/u).at(-1) ?? '').replace(/(?:\.target)?\.ya?ml$/iu, '')}.target.yaml`;

const NewFile = ({ understood, accepted }: Props & { readonly accepted: readonly Suggestion[] }) => {
  const { text, name } = understood.target;
  const yaml = useMemo(() => acceptBindings(text, accepted), [text, accepted]);
  const lines = useMemo(() => linesOf(text, yaml), [text, yaml]);
  // The bindings stand at the end of a long file: what is added would be far out of sight.
  const [added, setAdded] = useState(true);
  const only = added && accepted.length > 0;
  return (
    <section aria-label="The target file">
      <div className="row yaml-head">
        <h2>{accepted.length === 0 ? 'The target as it is' : `With ${formatCount(accepted.length, 'new binding')}`}</h2>
        <span className="grow" />
        {accepted.length > 0 && (
          <label className="row added-only">
            <input type="checkbox" checked={added} onChange={(event) => setAdded(event.target.checked)} />
            Only what is added
          </label>
        )}
        <CopyButton text={yaml} />
        <button onClick={() => saveFile(fileName(name), yaml, 'application/yaml')}>Download</button>
      </div>
      <div className="panel yaml">
        <Slices
          key={String(only)}
          rows={only ? lines.filter((line) => line.added) : lines}
          heightOf={lineHeight}
          draw={drawLine}
        />
      </div>
    </section>
  );
};

/** What stands in the way at this target: its mistakes, and bindings that fit nothing. */
const Mistakes = ({ understood: { target, unbound } }: Props) => (
  <>
    {target.problems.map((problem, at) => (
      <Remark key={at} problem={problem} />
    ))}
    {unbound.map(({ sentence }, at) => (
      <p key={at} className="row">
        <Glyph name="warn" label="warning" /> <span className="unbound">{sentence}</span>
      </p>
    ))}
  </>
);

const lead = ({ target, sensed, runbook }: UnderstoodDocument): string =>
  target.usable
    ? `${sensed} of the ${formatCount(runbook.items, 'item')} answer themselves with this target.`
    : 'This target has mistakes, so that nothing is bound.';

const nothingMore = ({ target }: UnderstoodDocument): string =>
  target.probes === 0
    ? 'It has no probe yet. Download it, give it one, and open it here: what could answer which item is suggested then.'
    : 'There is nothing more to suggest for the items that people answer.';

/**
 * What answers each item, and what could answer those that nothing does. Proposals are taken one by one or all; they
 * only change the text shown here, never a file.
 */
export const BindingsView = ({ understood }: Props) => {
  const { suggestions, target } = understood;
  const [taken, setTaken] = useState<ReadonlySet<ItemId>>(new Set());
  const of = useMemo(() => new Map(suggestions.map((suggestion) => [suggestion.item, suggestion])), [suggestions]);
  const accepted = useMemo(() => suggestions.filter(({ item }) => taken.has(item)), [suggestions, taken]);
  const turn = (item: ItemId): void =>
    setTaken(new Set(taken.has(item) ? [...taken].filter((other) => other !== item) : [...taken, item]));
  const all = taken.size === suggestions.length;
  return (
    <div className="bindings">
      <section aria-label="Bindings">
        <h2>Bindings</h2>
        <p>{lead(understood)}</p>
        <Mistakes understood={understood} />
        {suggestions.length > 0 && (
          <p className="row">
            <b>{formatCount(suggestions.length, 'suggestion')}</b>
            <span className="grow" />
            <button onClick={() => setTaken(new Set(all ? [] : suggestions.map(({ item }) => item)))}>
              {all ? 'Take none' : 'Take all'}
            </button>
          </p>
        )}
        {suggestions.length === 0 && target.usable && <p className="muted">{nothingMore(understood)}</p>}
        {target.usable && <BindingList understood={understood} taking={{ of, taken, turn }} />}
      </section>
      <NewFile understood={understood} accepted={accepted} />
    </div>
  );
};

import type { Block, Item } from '../../../shared/runbook/model.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import { byVerdict } from '../../../shared/verdict/answers.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { Glyph, stateWord } from '../../parts/glyph.tsx';
import { Markdown } from '../../parts/markdown.tsx';
import { clockMinute, clockTime } from '../../words.ts';
import { Found } from '../metric/found.tsx';
import { CommandBox } from './command-box.tsx';
import { FieldRow } from './fields.tsx';
import { ItemActions } from './item-actions.tsx';
import type { ItemLook } from './item-look.ts';
import { useRoom, useRun } from './room-context.tsx';
import { patch } from './room-ui.ts';
import { UnderWayLine, useUnderWay } from './under-way.tsx';
import './item-panel.css';

/** Where the answer came from, in a sentence with its numbers; and when it was green, if it no longer is. */
const Sensed = ({ item, look }: { readonly item: Item; readonly look: ItemLook }) => {
  const bound = useRun(({ outline }) => outline.bindings.get(item.id));
  const was = look.item?.wasGreen ?? null;
  const sentence = look.live?.sentence || look.item?.sensed?.sentence || 'Nothing has answered this item yet.';
  const sources = [...(bound?.metrics ?? []), ...(bound?.probes ?? [])];
  return (
    <>
      <p>
        {sentence}
        {sources.length > 0 && (
          <span className="faint">
            {' '}
            Sensed by <code>{sources.join(', ')}</code>.
          </span>
        )}
      </p>
      {was !== null && (
        <p className="panel-line">
          <Glyph name="stale" /> Was green {clockTime(was.from)}–{clockTime(was.to)}, then left its range.
        </p>
      )}
    </>
  );
};

const MarkLine = ({ look }: { readonly look: ItemLook }) => {
  const mark = look.item?.mark ?? null;
  const phase = useRun(({ outline }) => (mark?.phase == null ? null : (outline.phases.get(mark.phase)?.title ?? null)));
  if (mark === null) return null;
  return (
    <p className="panel-line">
      <Glyph name={mark.kind} />
      <span>
        {stateWord(mark.kind)} by {actorName(mark.by)} at {clockTime(mark.at)}
        {phase !== null && `, due in ${phase}`}
        {mark.reason !== null && `: ${mark.reason}`}
      </span>
    </p>
  );
};

const Notes = ({ look }: { readonly look: ItemLook }) => (
  <>
    {look.item?.notes.map((note) => (
      <p className="panel-line" key={`${note.at} ${note.text}`}>
        <Glyph name="note" />
        <span>
          {note.text}{' '}
          <span className="faint">
            {actorName(note.by)}, {clockMinute(note.at)}
          </span>
        </span>
      </p>
    ))}
  </>
);

const Detail = ({ block }: { readonly block: Block }) => {
  switch (block.kind) {
    case 'text':
      return (
        <div className="prose">
          <Markdown text={block.markdown} />
        </div>
      );
    case 'command':
      return <CommandBox command={block.command} />;
    case 'form':
      return block.fields.map((field) => <FieldRow key={field.id} field={field} />);
    default:
      return null;
  }
};

/** A verdict answered No, and nobody has said yet why: expected, or an issue? */
const WhyDegraded = ({ item, look }: { readonly item: Item; readonly look: ItemLook }) => {
  const { ui, operates } = useRoom();
  const answeredAt = useRun(({ checklist }) =>
    item.fields
      .flatMap(({ id }) => checklist.fields.get(id) ?? [])
      .find(({ metric, value }) => metric === byVerdict && sameWords(value) === 'no'),
  )?.at;
  const said = look.item?.notes.some(({ at, by }) => by.kind === 'person' && at > (answeredAt ?? 0));
  if (answeredAt === undefined || said === true) return null;
  return (
    <p className="panel-line">
      <Glyph name="warn" />
      <span>The numbers got worse. Say why: is it expected, or an issue?</span>
      {operates && <button onClick={() => patch(ui, { dialog: { kind: 'note', item: item.id } })}>Say why…</button>}
    </p>
  );
};

/** The current item, opened: its evidence, what to fill in, what to run, what was said, and what can be done. */
export const ItemPanel = ({ item, look }: { readonly item: Item; readonly look: ItemLook }) => {
  const note = useRun(({ outline }) => outline.bindings.get(item.id)?.note ?? null);
  const underWay = useUnderWay(item);
  const probes = useRun(({ outline }) => outline.bindings.get(item.id)?.probes);
  const fences = item.commands.filter((command) => command.source === 'fence');
  const inline = item.commands.filter((command) => command.source === 'inline');
  return (
    <div className="item-panel">
      {look.item?.kind === 'sensed' && <Sensed item={item} look={look} />}
      {underWay !== undefined && <UnderWayLine underWay={underWay} />}
      {probes?.map((probe) => (
        <Found key={probe} probe={probe} />
      ))}
      <MarkLine look={look} />
      {note !== null && <p className="muted">{note}</p>}
      {item.fields.length > 0 && (
        <div className="fields">
          {item.fields.map((field) => (
            <FieldRow key={field.id} field={field} item={item.id} />
          ))}
        </div>
      )}
      {[...fences, ...inline].map((command) => (
        <CommandBox key={`${command.span.line} ${command.text}`} command={command} />
      ))}
      {item.expected !== null && (
        <p>
          <span className="faint">Expected:</span> <code>{item.expected}</code>
        </p>
      )}
      {item.details.map((block, at) => (
        <Detail key={at} block={block} />
      ))}
      {item.links.length > 0 && (
        <p className="row">
          {item.links.map((link) => (
            <Markdown key={link.url} text={`[${link.text.replaceAll(/[[\]]/gu, '')}](<${link.url}>)`} />
          ))}
        </p>
      )}
      <WhyDegraded item={item} look={look} />
      <Notes look={look} />
      <ItemActions item={item} look={look} />
    </div>
  );
};

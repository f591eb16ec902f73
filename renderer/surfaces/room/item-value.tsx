import { actorName } from '../../../shared/projections/timeline.ts';
import type { Item } from '../../../shared/runbook/model.ts';
import { useNow } from '../../now.ts';
import { Age } from '../../parts/age.tsx';
import { stateWord, toneOf } from '../../parts/glyph.tsx';
import { sinceT0 } from '../../run-time.ts';
import { clockMinute, tShort } from '../../words.ts';
import { Options } from './fields.tsx';
import { filledCount, filledWords, limitWords, waitWords } from './item-look.ts';
import type { ItemLook } from './item-look.ts';
import { Running } from '../../parts/running.tsx';
import { useRoom, useRun } from './room-context.tsx';
import { useRunningCommand, useUnderWay } from './under-way.tsx';

type Props = { readonly item: Item; readonly look: ItemLook; readonly current: boolean };

const SensedValue = ({ item, look }: Pick<Props, 'item' | 'look'>) => {
  const { view } = useRoom();
  const wait = useNow((now) => waitWords(view.get(), item.id, now));
  const limit = useRun(({ context, outline }) =>
    limitWords(context.target, item, outline.bindings.get(item.id)?.metrics ?? []),
  );
  const text = look.live?.text ?? look.item?.sensed?.value ?? '';
  const quiet = look.state === 'pending' && wait !== null;
  // Where the text is a word itself ("down"), the state's word beside it would only say it twice.
  const says = look.state !== 'ok' && (text === '' || look.state !== look.live?.state || look.live.value !== null);
  return (
    <span className="item-value" data-tone={quiet ? 'none' : toneOf(look.state)} data-quiet={quiet}>
      {text !== '' && <b>{text}</b>}
      {quiet ? <span>{wait}</span> : says && <span>{stateWord(look.state)}</span>}
      {limit !== null && <small>{limit}</small>}
    </span>
  );
};

const HumanValue = ({ item, look, current }: Props) => {
  const [field] = item.fields;
  const filled = useRun((view) => filledCount(view, item));
  const mark = look.item?.mark ?? null;
  if (!current && mark === null && item.fields.length === 1 && field?.kind === 'choice')
    return (
      <span className="item-value">
        <Options field={field} labelledBy={`title-${item.id}`} />
      </span>
    );
  const said = [mark?.value ?? '', filled, mark !== null && mark.kind !== 'done' ? stateWord(mark.kind) : ''];
  return (
    <span className="item-value" data-tone={toneOf(look.state)} data-quiet={look.state === 'open'}>
      {said
        .filter((words) => words !== '')
        .map((words) => (
          <span key={words}>{words}</span>
        ))}
      {mark !== null && <small dir="auto">{actorName(mark.by)}</small>}
    </span>
  );
};

/** What the item's answer is by now: a live value with its limit, or what a person filled in and said. */
export const ItemValue = (props: Props) => {
  const kind = props.look.item?.kind;
  const underWay = useUnderWay(props.item);
  const command = useRunningCommand(props.item);
  if (underWay !== undefined || command !== undefined)
    return (
      <span className="item-value" data-tone="run">
        <span>
          <Running since={underWay?.since ?? command?.at ?? 0} ofMs={underWay?.deadlineMs ?? command?.timeoutMs ?? 0} />
        </span>
      </span>
    );
  if (kind === 'sensed') return <SensedValue item={props.item} look={props.look} />;
  return kind === 'human' ? <HumanValue {...props} /> : <span />;
};

/** When it was last answered: the age of a live value, the moment of a person's mark. */
export const When = ({ look }: { readonly look: ItemLook }) => {
  const mark = look.item?.mark ?? null;
  const since = useRun(({ room }) => (mark === null ? null : sinceT0(room, mark.at)));
  if (mark !== null && look.item?.kind !== 'group')
    return <time className="item-when">{since === null ? clockMinute(mark.at) : tShort(since)}</time>;
  return (
    <span className="item-when">
      {look.item?.kind === 'sensed' && look.live?.at != null && <Age at={look.live.at} suffix=" ago" />}
    </span>
  );
};

/** Why it stands as it does, in a sentence beside the value, where the room is wide enough. */
export const Evidence = ({ item, look }: Pick<Props, 'item' | 'look'>) => {
  const mark = look.item?.mark ?? null;
  const filled = useRun((view) => filledWords(view, item));
  const sensed = look.item?.kind === 'sensed' ? (look.live?.sentence ?? look.item.sensed?.sentence ?? '') : filled;
  const underWay = useUnderWay(item);
  const words = underWay?.line || (mark?.reason ?? sensed);
  return <span className="item-evidence">{words}</span>;
};

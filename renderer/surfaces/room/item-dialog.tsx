import { useId, useState } from 'react';
import type { ItemId } from '../../../shared/runbook/model.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { shortTitle } from '../../outline.ts';
import { lookOf } from './item-look.ts';
import { useRoom, useRun } from './room-context.tsx';
import type { ItemDialog as Kind } from './room-ui.ts';

type Words = { readonly title: string; readonly lead: string; readonly label: string; readonly action: string };

const words: Readonly<Record<Kind, Words>> = {
  note: { title: 'Note', lead: '', label: 'What should be remembered', action: 'Keep note' },
  override: {
    title: 'Override the probe',
    lead: 'The item counts as settled although what was sensed says otherwise. It prints first on the sign-off sheet.',
    label: 'Why the probe is wrong, or does not matter here',
    action: 'Override',
  },
  defer: {
    title: 'Defer',
    lead: 'The item comes back at the top of the phase you name, and holds it up until it is answered.',
    label: 'Why it has to wait',
    action: 'Defer',
  },
  waive: {
    title: 'Not applicable',
    lead: 'The item does not apply to this release.',
    label: 'Why it does not apply',
    action: 'Mark as not applicable',
  },
  untick: {
    title: 'Take back the tick',
    lead: 'The tick stays in the log, and so does this.',
    label: 'What was wrong with it',
    action: 'Untick',
  },
  seen: {
    title: 'What did you see?',
    lead: 'A tick alone does not settle this item.',
    label: 'The value, or what you saw',
    action: 'Tick',
  },
  reopen: { title: 'Reopen', lead: 'The item counts as open again.', label: 'What has changed', action: 'Reopen' },
};

type Props = { readonly kind: Kind; readonly item: ItemId; readonly onClose: () => void };

const PhaseChoice = ({
  item,
  chosen,
  choose,
}: {
  readonly item: ItemId;
  readonly chosen: string;
  readonly choose: (phase: string) => void;
}) => {
  const id = useId();
  const later = useLater(item);
  return (
    <div className="field">
      <label htmlFor={id}>Comes back in</label>
      <select id={id} value={chosen} onChange={(event) => choose(event.target.value)}>
        {later.map((phase) => (
          <option key={phase.id} value={phase.id}>
            {shortTitle(phase.title)}
          </option>
        ))}
      </select>
    </div>
  );
};

const useLater = (item: ItemId) => {
  const outline = useRun((view) => view.outline);
  const phases = useRun(({ context }) => context.runbook.phases);
  const at = phases.findIndex(({ id }) => id === outline.places.get(item)?.phase.id);
  return phases.slice(at + 1);
};

/** A reason, a note, and for a deferral the phase in which the item comes back. */
export const ItemDialog = ({ kind, item, onClose }: Props) => {
  const { actions } = useRoom();
  const title = useRun((view) => view.outline.words.get(item) ?? item);
  // Whoever overrides it has in front of them what was found.
  const sensed = useRun((view) => {
    const look = lookOf(view, item);
    return look.live?.sentence ?? look.item?.sensed?.sentence ?? '';
  });
  const [phase, setPhase] = useState(useLater(item)[0]?.id ?? '');
  const send = (text: string): Promise<boolean> => {
    if (kind === 'defer') return actions.defer(item, phase, text);
    if (kind === 'seen') return actions.tick(item, text);
    return actions[kind](item, text);
  };
  return (
    <Dialog
      title={words[kind].title}
      lead={
        <>
          <p>
            <b>{title}</b>
          </p>
          {kind === 'override' && sensed !== '' && <p className="item-sensed">{sensed}</p>}
          {words[kind].lead !== '' && <p>{words[kind].lead}</p>}
        </>
      }
      onClose={onClose}
    >
      <ReasonForm
        label={words[kind].label}
        action={words[kind].action}
        onCancel={onClose}
        onSend={send}
        {...(kind === 'note' || kind === 'seen' ? { least: 1 } : {})}
      >
        {kind === 'defer' && <PhaseChoice item={item} chosen={phase} choose={setPhase} />}
      </ReasonForm>
    </Dialog>
  );
};

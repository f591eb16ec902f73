import { useEffect, useRef, useState } from 'react';
import type { Mark } from '../../../shared/projections/checklist.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import type { Item } from '../../../shared/runbook/model.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import type { ItemLook } from './item-look.ts';
import { useRoom, useRun } from './room-context.tsx';
import { comparing, patch } from './room-ui.ts';
import type { ItemDialog } from './room-ui.ts';
import { useUnderWay } from './under-way.tsx';

const armMs = 1_000;

/** True once the element has been wholly visible for a second: an acknowledgement by reflex is none. */
const useArmed = () => {
  const ref = useRef<HTMLDivElement>(null);
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        clearTimeout(timer);
        if (entry?.isIntersecting === true) timer = setTimeout(() => setArmed(true), armMs);
      },
      { threshold: 1 },
    );
    if (ref.current !== null) observer.observe(ref.current);
    return () => (clearTimeout(timer), observer.disconnect());
  }, []);
  return { ref, armed };
};

/** Expected and actual side by side, for an item that needs a person even though a machine answers it. */
const Acknowledge = ({ item, look }: { readonly item: Item; readonly look: ItemLook }) => {
  const { actions } = useRoom();
  const { ref, armed } = useArmed();
  const expected = item.limits[0]?.text ?? item.expected ?? 'ok';
  const actual = look.live?.text || look.state;
  return (
    <div ref={ref} className="acknowledge">
      <dl>
        <dt>Expected</dt>
        <dd>{expected}</dd>
        <dt>Is</dt>
        <dd>{actual}</dd>
      </dl>
      <button className="primary" disabled={!armed} onClick={() => void actions.tick(item.id, actual)}>
        {armed ? 'Acknowledge' : 'Look at both first'}
      </button>
    </div>
  );
};

const Tick = ({ item, observe }: { readonly item: Item; readonly observe: boolean }) => {
  const { actions } = useRoom();
  const [seen, setSeen] = useState('');
  return (
    <form
      className="tick"
      onSubmit={(event) => {
        event.preventDefault();
        void actions.tick(item.id, seen.trim() === '' ? null : seen.trim());
      }}
    >
      <button className="primary" disabled={observe && seen.trim() === ''}>
        Tick <kbd>Space</kbd>
      </button>
      <input
        aria-label={observe ? 'What you saw' : 'What you saw (optional)'}
        placeholder={observe ? 'Say what you saw' : 'What you saw'}
        value={seen}
        maxLength={400}
        onChange={(event) => setSeen(event.target.value)}
      />
    </form>
  );
};

/** The second of two people: whoever did it sees that somebody else has to confirm. */
const Confirm = ({ item, mark }: { readonly item: Item; readonly mark: Mark }) => {
  const { actions, operator } = useRoom();
  const first = actorName(mark.by);
  if (sameWords(first) === sameWords(operator.name))
    return <span className="muted">Takes two people: somebody else confirms what {first} did.</span>;
  return (
    <button className="primary" onClick={() => void actions.second(item.id)}>
      Confirm what {first} did
    </button>
  );
};

const Ask = ({
  item,
  dialog,
  keys,
  children,
}: {
  readonly item: Item;
  readonly dialog: ItemDialog;
  readonly keys: string;
  readonly children: string;
}) => {
  const { ui } = useRoom();
  return (
    <button onClick={() => patch(ui, { dialog: { kind: dialog, item: item.id } })}>
      {children} <kbd>{keys}</kbd>
    </button>
  );
};

const CheckNow = ({ item }: { readonly item: Item }) => {
  const { actions } = useRoom();
  const underWay = useUnderWay(item);
  const probes = useRun(({ outline, context }) => {
    const bound = outline.bindings.get(item.id);
    const behind = bound?.metrics.flatMap((metric) => context.target.metrics[metric]?.probe ?? []) ?? [];
    return [...new Set([...(bound?.probes ?? []), ...behind])].join(' ');
  });
  if (probes === '' || underWay !== undefined) return null;
  return (
    <button onClick={() => void Promise.all(probes.split(' ').map((probe) => actions.checkNow(probe)))}>
      Check now <kbd>R</kbd>
    </button>
  );
};

/** What to do about one that fails, beside looking again: somebody takes it on, and how it was before. */
const Failing = ({ item }: { readonly item: Item }) => {
  const { ui } = useRoom();
  const measured = useRun(({ outline }) => (outline.bindings.get(item.id)?.metrics.length ?? 0) > 0);
  return (
    <>
      <button
        className="primary"
        onClick={() => patch(ui, { dialog: { kind: 'open-incident', from: null, title: item.text } })}
      >
        Open an incident…
      </button>
      {measured && (
        <button onClick={() => patch(ui, { turnedTo: comparing })}>
          Before and after <kbd>B</kbd>
        </button>
      )}
    </>
  );
};

/** What can be done with the current item; only what the app would accept is drawn. */
export const ItemActions = ({ item, look }: { readonly item: Item; readonly look: ItemLook }) => {
  const { operates } = useRoom();
  const later = useRun(({ context, checklist }) => {
    const phases = context.runbook.phases;
    return phases.findIndex((phase) => phase.id === look.item?.phase) < phases.length - 1 && checklist.items.length > 0;
  });
  const kind = look.item?.kind;
  const mark = look.item?.mark ?? null;
  if (!operates || kind === undefined) return null;
  return (
    <div className="actions">
      {kind === 'human' && mark === null && <Tick item={item} observe={look.item?.observe === true} />}
      {kind === 'sensed' && look.item?.killer === true && mark === null && <Acknowledge item={item} look={look} />}
      {look.item?.two === true && mark?.kind === 'done' && mark.second === null && <Confirm item={item} mark={mark} />}
      {kind === 'sensed' && look.state === 'fail' && mark === null && <Failing item={item} />}
      {kind === 'sensed' && <CheckNow item={item} />}
      <Ask item={item} dialog="note" keys="N">
        Note…
      </Ask>
      {mark !== null ? (
        <Ask item={item} dialog={mark.kind === 'done' ? 'untick' : 'reopen'} keys="U">
          {mark.kind === 'done' ? 'Untick…' : 'Reopen…'}
        </Ask>
      ) : (
        <>
          {kind === 'sensed' && !look.settled && (
            <Ask item={item} dialog="override" keys="O">
              Override…
            </Ask>
          )}
          {later && !look.settled && (
            <Ask item={item} dialog="defer" keys="D">
              Defer…
            </Ask>
          )}
          {!look.settled && (
            <Ask item={item} dialog="waive" keys="X">
              Not applicable…
            </Ask>
          )}
        </>
      )}
    </div>
  );
};

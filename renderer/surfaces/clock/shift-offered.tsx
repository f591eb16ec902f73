import { sameWords } from '../../../shared/target/bind.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import './clock.css';

/** A shift that waits for its other name, in the sight of everybody: whoever takes it over need not know where. */
export const ShiftOffered = () => {
  const { ui, operator, operates } = useRoom();
  const offered = useRun(({ shift }) => shift.offered);
  if (offered === null) return null;
  const mine = sameWords(offered.to) === sameWords(operator.name);
  return (
    <section className="shift-offered" aria-label="Shift" data-mine={mine}>
      <p>
        <b>{offered.from}</b> hands the shift over to <b>{mine ? 'you' : offered.to}</b>.
      </p>
      {operates && (
        <button className={mine ? 'primary' : 'quiet'} onClick={() => patch(ui, { dialog: { kind: 'shift' } })}>
          {mine ? 'Take over…' : 'Shift…'}
        </button>
      )}
    </section>
  );
};

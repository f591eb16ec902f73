import { useId } from 'react';
import { useNow } from '../now.ts';
import { span } from '../words.ts';

/** A moment as a datetime-local field wants it: this machine's zone, to the second. */
export const localStamp = (at: number): string => {
  const moved = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return moved.toISOString().slice(0, 19);
};

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the field says, told in the two ways in which it is misread: in another zone, and as a moment gone by. */
const inWords = (at: number, now: number): string => {
  if (Number.isNaN(at)) return 'That is no moment.';
  const far = at - now;
  const when = far < -60_000 ? `${span(-far)} ago` : far > 60_000 ? `in ${span(far)}` : 'now';
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC, ${when}.`;
};

type Props = { readonly label: string; readonly value: string; readonly change: (stamp: string) => void };

/** A moment by date and time of this machine; `value` is a stamp of `localStamp`. */
export const MomentField = ({ label, value, change }: Props) => {
  const id = useId();
  const words = useNow((now) => inWords(new Date(value).getTime(), now));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        step={1}
        value={value}
        aria-describedby={`${id}-words`}
        onChange={(event) => change(event.target.value)}
      />
      <span id={`${id}-words`} className="hint">
        In the zone of this machine, {zone}. That is {words}
      </span>
    </div>
  );
};

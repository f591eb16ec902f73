import { useId } from 'react';
import type { GivenDetail } from '../../../shared/details/contract.ts';
import type { DetailKey } from '../../../shared/details/events.ts';
import { detailLabels } from '../../../shared/details/words.ts';
import './details.css';

export type Drafts = Readonly<Partial<Record<DetailKey, Omit<GivenDetail, 'key'>>>>;

type Props = {
  readonly name: DetailKey;
  readonly value: string;
  readonly change: (value: string) => void;
};

/** A moment as the field of a form has it, and as it is written down: both UTC. */
const inField = (value: string): string => value.replace(/Z$/u, '');
const written = (value: string): string => (value === '' ? '' : `${value.slice(0, 16)}Z`);

/** One detail of a run to fill in. */
export const DetailField = ({ name, value, change }: Props) => {
  const id = useId();
  const choice = name === 'maintenance-window' || name === 'users-notified';
  const number = name === 'window-minutes' || name === 'commits' || name === 'files-changed';
  return (
    <div className="field" data-wide={name === 'key-features'}>
      <label htmlFor={id}>{detailLabels[name]}</label>
      {choice ? (
        <select id={id} value={value} onChange={(event) => change(event.target.value)}>
          <option value="">not said</option>
          <option>Yes</option>
          <option>No</option>
        </select>
      ) : name === 'window-start' ? (
        <input
          id={id}
          type="datetime-local"
          value={inField(value)}
          onChange={(event) => change(written(event.target.value))}
        />
      ) : (
        <input
          id={id}
          value={value}
          maxLength={4_000}
          inputMode={number ? 'numeric' : 'text'}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </div>
  );
};

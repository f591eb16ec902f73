import { useId, useRef } from 'react';
import type { Source } from '../../../shared/contract.ts';

type Props = {
  readonly label: string;
  readonly accept: string;
  readonly known: readonly string[];
  readonly source: Source | null;
  readonly choose: (source: Source) => void;
  readonly open: (file: File) => void;
};

const own = 'own';

/** One of the documents that come with the app, or a file of one's own. */
export const SourceField = ({ label, accept, known, source, choose, open }: Props) => {
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const brought = source === null ? null : 'name' in source ? source.name : 'path' in source ? source.path : null;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="source">
        <select
          id={id}
          value={brought === null ? (source !== null && 'bundled' in source ? source.bundled : '') : own}
          onChange={(event) => event.target.value !== own && choose({ bundled: event.target.value })}
        >
          {brought !== null && <option value={own}>{brought}</option>}
          {known.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" onClick={() => file.current?.click()}>
          Open a file…
        </button>
        <input
          ref={file}
          className="sr"
          type="file"
          accept={accept}
          aria-label={`${label}: open a file`}
          tabIndex={-1}
          onChange={(event) => {
            const [picked] = event.target.files ?? [];
            if (picked !== undefined) open(picked);
            event.target.value = '';
          }}
        />
      </div>
    </div>
  );
};

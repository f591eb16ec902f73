import { useEffect, useRef, useState } from 'react';
import type { StepView } from '../../../shared/projections/rollback.ts';
import { useCalls, useFollowing } from './rollback-scope.ts';

const mostCharacters = 64 * 1024;

/** What a step says, as it says it; the end is kept in sight, and what lies too far back is left out. */
export const StepOutput = ({ rollback, step }: { readonly rollback: string; readonly step: StepView }) => {
  const { client, runId } = useCalls();
  const [text, setText] = useState('');
  const [cut, setCut] = useState(false);
  const end = useRef<HTMLPreElement>(null);
  const next = useRef(0);
  useFollowing(
    (signal) => {
      setText('');
      next.current = 0;
      return client.output({ runId, rollback, step: step.id }, { signal });
    },
    (piece) => {
      if (piece.from > next.current) setCut(true);
      next.current = piece.from + new TextEncoder().encode(piece.text).length;
      setText((was) => (was + piece.text).slice(-mostCharacters));
    },
    `${rollback}/${step.id}/${step.attempts}`,
  );
  useEffect(() => {
    end.current?.scrollTo({ top: end.current.scrollHeight });
  }, [text]);
  if (text === '') return step.state === 'running' ? <pre className="rb-out muted">Nothing said yet.</pre> : null;
  return (
    <pre className="rb-out scroll" ref={end} tabIndex={0} aria-label={`What step ${step.id} says`}>
      {cut && <span className="muted">… what came before is in the data folder{'\n'}</span>}
      {text}
    </pre>
  );
};

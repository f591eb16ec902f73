import { useEffect, useState } from 'react';
import type { Failures } from '../../../shared/verdict/contract.ts';
import { failureMethod, failureWords } from '../../../shared/verdict/failure-words.ts';
import { useApp } from '../../app-context.ts';

/** Asked again once a run was begun or closed; null while it is not known. */
export const useFailures = (stamp: string): Failures | null => {
  const { connection } = useApp();
  const [failures, setFailures] = useState<Failures | null>(null);
  useEffect(() => {
    let current = true;
    // Figures beside the list: where they can't be had, the list stands without them.
    connection.client.verdict.failures().then(
      (known) => current && setFailures(known),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [connection, stamp]);
  return failures;
};

/** How often and for how long deployments went wrong here, service by service. */
export const FailureFigures = ({ failures }: { readonly failures: Failures | null }) => {
  const services = failures?.services ?? [];
  if (services.length === 0) return null;
  return (
    <div className="history-figures">
      <ul aria-label="Change-failure rate and time to restore">
        {services.map((own) => (
          <li key={`${own.service} ${own.environment}`}>
            {own.service} <span className="muted">{own.environment}</span> change-failure rate{' '}
            <b>{failureWords(own)}</b>
          </li>
        ))}
      </ul>
      <details>
        <summary>How these are counted</summary>
        <p className="muted small">{failureMethod}</p>
      </details>
    </div>
  );
};

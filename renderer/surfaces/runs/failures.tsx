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

/** So many services stand in sight, those that were deployed most; the others behind a click. */
const inSight = 4;

const Figures = ({ services }: { readonly services: Failures['services'] }) => (
  <ul>
    {services.map((own) => (
      <li key={`${own.service} ${own.environment}`}>
        {own.service} <span className="muted">{own.environment}</span> change-failure rate <b>{failureWords(own)}</b>
      </li>
    ))}
  </ul>
);

/** How often and for how long deployments went wrong here, service by service. */
export const FailureFigures = ({ failures }: { readonly failures: Failures | null }) => {
  const services = (failures?.services ?? []).toSorted((one, other) => other.of - one.of);
  if (services.length === 0) return null;
  const more = services.slice(inSight);
  return (
    <section className="history-figures" aria-label="Change-failure rate and time to restore">
      <Figures services={services.slice(0, inSight)} />
      <details>
        <summary>
          {more.length === 0 ? 'How these are counted' : `${more.length} more, and how these are counted`}
        </summary>
        <Figures services={more} />
        <p className="muted small">{failureMethod}</p>
      </details>
    </section>
  );
};

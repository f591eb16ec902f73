import { useEffect, useState } from 'react';
import type { Found as Facts } from '../../../shared/probes/contract.ts';
import { useApp } from '../../app-context.ts';
import { useRun } from '../room/room-context.tsx';
import './found.css';

/** "lastError" → "Last error". */
const titleOf = (name: string): string => {
  if (name === 'sha256') return 'SHA-256';
  const words = name.replaceAll(/([a-z])([A-Z0-9])/gu, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The words behind the newest answer; asked for anew with each answer, and only while they are looked at. */
const useFound = (probe: string, looked: boolean): Facts | null => {
  const { connection } = useApp();
  const runId = useRun(({ context }) => context.runId);
  const at = useRun(({ probes }) => probes.get(probe)?.at ?? null);
  const [found, setFound] = useState<Facts | null>(null);
  useEffect(() => {
    let current = true;
    if (looked)
      connection.client.probes.found({ runId, probe }).then(
        (facts) => current && setFound(facts),
        () => {}, // A lost connection is shown elsewhere; what was found before stays.
      );
    return () => {
      current = false;
    };
  }, [connection, runId, probe, at, looked]);
  return found;
};

/** What a probe found besides its numbers, masked: excerpts, new shapes of errors, versions, what it cannot tell. */
export const Found = ({ probe, open = false }: { readonly probe: string; readonly open?: boolean }) => {
  const [looked, setLooked] = useState(open);
  const label = useRun(({ context }) => context.target.probes[probe]?.label ?? probe);
  const live = useRun(({ past, room }) => past === null && room.closed === null);
  const found = useFound(probe, looked);
  if (!live) return null;
  const facts = Object.entries(found?.facts ?? {}).filter(([, words]) => words !== '');
  return (
    <details className="found" open={looked} onToggle={(event) => setLooked(event.currentTarget.open)}>
      <summary>What “{label}” found</summary>
      {looked && facts.length === 0 && (
        <p className="muted small">{found === null ? 'Nothing yet.' : 'Nothing besides its numbers.'}</p>
      )}
      <dl>
        {facts.map(([name, words]) => (
          <div key={name}>
            <dt>{titleOf(name)}</dt>
            <dd className="scroll" tabIndex={words.length > 300 ? 0 : undefined}>
              {words}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
};

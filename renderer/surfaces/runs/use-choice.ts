import { useEffect, useMemo, useState } from 'react';
import type { Source } from '../../../shared/contract.ts';
import { useApp } from '../../app-context.ts';
import type { Choice } from '../../app-context.ts';
import { recall } from '../../look.ts';
import { readDocument } from '../../parts/read-document.ts';
import { useStore } from '../../store.ts';

export type Bundled = { readonly runbooks: readonly string[]; readonly targets: readonly string[] };

/** The documents that come with the app; null until they are known. */
export const useBundled = (): Bundled | null => {
  const { connection } = useApp();
  const [bundled, setBundled] = useState<Bundled | null>(null);
  useEffect(() => {
    let current = true;
    connection.client.desk.bundled().then(
      (list) => current && setBundled(list),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [connection]);
  return bundled;
};

/** What was started last time, if it is still there; else the wanted one, or the first that is. */
const firstChoice = (kind: 'runbook' | 'target', known: readonly string[], wanted?: string): Source | null => {
  const name = [recall(`last-${kind}`), wanted].find((one) => one != null && known.includes(one)) ?? known[0];
  return name === undefined ? null : { bundled: name };
};

/** The bundled targets know the bundled checklist; whoever brings another one begins by hand, until they bring a target. */
const firstTarget = (runbook: Source | null, known: readonly string[]): Source | null =>
  runbook !== null && !('bundled' in runbook) && known.includes('by-hand')
    ? { bundled: 'by-hand' }
    : firstChoice('target', known, 'practice');

/** The two documents in question: chosen on a screen, or dropped on the window. */
export const useChoice = (bundled: Bundled | null) => {
  const { chosen } = useApp();
  const picked = useStore(chosen, (value) => value);
  const choice: Choice = useMemo(
    () => ({
      runbook: picked.runbook ?? firstChoice('runbook', bundled?.runbooks ?? []),
      target: picked.target ?? firstTarget(picked.runbook ?? null, bundled?.targets ?? []),
    }),
    [picked, bundled],
  );
  return { choice, choose: (part: Partial<Choice>) => chosen.set({ ...chosen.get(), ...part }) };
};

/** Reads a file that a person picked as one of the two documents, or says why it can't be read. */
export const useOpenFile = (choose: (part: Partial<Choice>) => void) => {
  const { notices } = useApp();
  return (kind: 'runbook' | 'target') =>
    (file: File): void =>
      void readDocument(file).then((read) => {
        if ('refusal' in read) return notices.say(read.refusal, 'fail');
        // A name that says that it is the other document is believed.
        const is = read.kind === 'target' || /\.(?:md|markdown)$/iu.test(read.name) ? read.kind : kind;
        choose({ [is]: { name: read.name, text: read.text } });
        if (is !== kind)
          notices.say(`${read.name} is a ${is === 'target' ? 'target' : 'checklist'}, and was opened as one.`);
      });
};

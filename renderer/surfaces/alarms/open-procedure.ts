import type { Runbook } from '../../../shared/runbook/model.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import type { Target } from '../../../shared/target/schema.ts';
import type { Alarm } from '../../../shared/projections/alarms.ts';

/** Where in the document a heading stands: what to turn to, and the section in it. */
export type Place = { readonly turnTo: string; readonly section: string; readonly title: string };

const placeOf = ({ phases, references }: Runbook, words: string): Place | null => {
  const wanted = sameWords(words);
  for (const phase of phases) {
    if (sameWords(phase.title) === wanted) return { turnTo: phase.id, section: '', title: phase.title };
    const section = phase.sections.find(({ title }) => sameWords(title) === wanted);
    if (section !== undefined) return { turnTo: phase.id, section: section.id, title: section.title };
  }
  const reference = references.find(({ title }) => sameWords(title) === wanted);
  return reference === undefined ? null : { turnTo: reference.id, section: '', title: reference.title };
};

/** The part of the document that a target names for what fails; null where it names none, or the document has no such heading. */
export const procedureOf = (
  { runbook, target }: { readonly runbook: Runbook; readonly target: Target },
  { subject, id }: Alarm,
): Place | null => {
  const words = (subject === 'probe' ? target.probes : target.metrics)[id]?.procedure;
  return words === undefined ? null : placeOf(runbook, words);
};

/** Brings the section into sight once its phase is drawn. The current item stays where it is. */
export const showSection = (section: string): void => {
  if (section === '') return;
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.getElementById(`section-${section}`)?.scrollIntoView({ block: 'start' })),
  );
};

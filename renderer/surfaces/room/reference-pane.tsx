import type { Section } from '../../../shared/runbook/model.ts';
import { useRun } from './room-context.tsx';
import { SectionView } from './section-view.tsx';

/** A heading without items: commands, contacts, dashboards, the form to print. */
export const ReferencePane = ({ id }: { readonly id: string | null }) => {
  const references = useRun(({ context }) => context.runbook.references);
  const empty = useRun(({ context }) => context.runbook.phases.length === 0);
  const at = references.findIndex((section) => section.id === id);
  const head = references[at];
  if (head === undefined)
    return (
      <div className="empty">
        <h1>{empty ? 'This document holds no items' : 'Nothing here'}</h1>
        <p className="muted">
          {empty
            ? 'It opened without loss, but no line of it reads as something to tick. Its text stands under References.'
            : 'Choose a phase at the left.'}
        </p>
      </div>
    );
  return (
    <div className="phase" key={head.id}>
      <header className="phase-head">
        <h1>{head.title === '' ? 'Before the first heading' : head.title}</h1>
      </header>
      {[{ ...head, title: '' }, ...under(references, at)].map((section) => (
        <SectionView key={section.id} section={section} current={null} old={false} />
      ))}
    </div>
  );
};

/** The sections below a heading, up to the next of its level. */
export const under = (references: readonly Section[], at: number): readonly Section[] => {
  const level = references[at]?.level ?? 0;
  const rest = references.slice(at + 1);
  const end = rest.findIndex((section) => section.level <= level);
  return end === -1 ? rest : rest.slice(0, end);
};

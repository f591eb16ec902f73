import type { Phase, Runbook } from './runbook/model.ts';
import { fieldsOf } from './runbook/walk.ts';
import { sameWords } from './target/bind.ts';
import type { Target } from './target/schema.ts';

/**
 * Where a run stops until people say go: at the end of every phase, and within the phases at the moments at which a
 * deployment is known to go wrong.
 */
export type Gate = {
  readonly id: string;
  readonly kind: 'phase' | 'moment';
  /** The phase it closes or stands in. */
  readonly phase: string;
  readonly title: string;
  /** After T-0; null at the end of a phase. */
  readonly offsetMs: number | null;
};

/** Who says go or no-go at the gates. With no people named anyone who holds the role may. */
export type Voter = { readonly role: string; readonly label: string; readonly people: readonly string[] };

const minute = 60_000;
const moments: readonly (readonly [number, string])[] = [
  [2 * minute, '2 minutes'],
  [5 * minute, '5 minutes'],
  [15 * minute, '15 minutes'],
  [60 * minute, '1 hour'],
  [480 * minute, '8 hours'],
];

/** The last moment after T-0 that a phase speaks of, but for rounds that go on beyond its own end. */
const reachOf = (phase: Phase): number => {
  const ends = phase.sections.flatMap(({ window, cadence }) => [
    window?.toMs ?? window?.fromMs ?? 0,
    ...(phase.window?.toMs == null ? (cadence?.offsetsMs ?? []) : []),
  ]);
  return Math.max(0, phase.window?.toMs ?? 0, ...ends);
};

/** Phases that are worked through in order; a rollback stands aside and waits for no gate. */
export const orderOf = (runbook: Runbook): readonly Phase[] =>
  runbook.phases.filter((phase) => phase.role !== 'rollback');

/** All gates in the order they come up. A document that says nothing of the time after T-0 has none there. */
export const gatesOf = (runbook: Runbook): readonly Gate[] => {
  const left = [...moments];
  return orderOf(runbook).flatMap((phase): readonly Gate[] => {
    const reach = reachOf(phase);
    const own = left.filter(([offsetMs]) => offsetMs <= reach);
    left.splice(0, own.length);
    return [
      ...own.map(([offsetMs, words]): Gate => ({
        id: `moment:${offsetMs}`,
        kind: 'moment',
        phase: phase.id,
        title: `${words} after T-0`,
        offsetMs,
      })),
      { id: `phase:${phase.id}`, kind: 'phase', phase: phase.id, title: phase.title, offsetMs: null },
    ];
  });
};

/** The roles that sign the document, as far as the target knows them; else all the target's; else those who sign. */
export const votersOf = (runbook: Runbook, target: Pick<Target, 'roles'>): readonly Voter[] => {
  const fields = runbook.phases.flatMap((phase) => fieldsOf(phase));
  const signs = fields.flatMap((field) => (field.kind === 'signature' ? [field.role] : []));
  const all = Object.entries(target.roles).map(([role, { label, people }]): Voter => ({ role, label, people }));
  const signing = all.filter(({ label }) => signs.some((sign) => sameWords(label).startsWith(sameWords(sign))));
  if (signing.length > 0) return signing;
  if (all.length > 0) return all;
  const labels = signs.length > 0 ? [...new Set(signs)] : ['Operator'];
  return labels.map((label): Voter => ({ role: sameWords(label), label, people: [] }));
};

type Person = { readonly name: string; readonly role: string | null };

/** Whether somebody holds a role: says so of themselves and, where the target names people, is one of them. */
export const holds = (voter: Voter, { name, role }: Person): boolean =>
  role !== null &&
  [voter.role, voter.label].some((words) => sameWords(words) === sameWords(role)) &&
  (voter.people.length === 0 || voter.people.some((person) => sameWords(person) === sameWords(name)));

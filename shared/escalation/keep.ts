import type { EventBody, NewEvent } from '../events.ts';
import { openEscalations } from '../projections/escalations.ts';
import type { Escalation, Escalations } from '../projections/escalations.ts';

const minute = 60_000;

/** How long nobody may answer before a step asks again, and how long somebody may be at it before they are asked how it goes. */
const askAgainMs = { silent: 5 * minute, acknowledged: 15 * minute } as const;

export const askAfter = (now: number, acknowledged: boolean): number =>
  now + (acknowledged ? askAgainMs.acknowledged : askAgainMs.silent);

/** Who stands behind a role, by name. */
export type PeopleOf = (role: string | null) => readonly string[];

/** The step's turn, now. */
export const stepped = (
  { id, steps }: Pick<Escalation, 'id' | 'steps'>,
  step: number,
  now: number,
  by: EventBody<'escalation-stepped'>['by'],
  peopleOf: PeopleOf,
): readonly NewEvent[] => {
  const found = steps[step];
  if (found === undefined) return [];
  const { text, role, dueAt } = found;
  const latenessMs = by === 'person' ? 0 : Math.max(0, now - dueAt);
  const people = [...peopleOf(role)];
  const askAt = askAfter(now, false);
  return [
    {
      type: 'escalation-stepped',
      body: { escalation: id, step, text, role, people, dueAt, latenessMs, by, askAt },
    },
  ];
};

/**
 * What the clock has brought about since the last look: every step whose moment has passed, each once and with its true
 * lateness, and one question where nobody has answered. They are words for people: nothing here starts a command.
 */
export const keepEscalations = (escalations: Escalations, now: number, peopleOf: PeopleOf): readonly NewEvent[] =>
  openEscalations(escalations).flatMap((escalation) => {
    const { id, steps, at, acknowledged, askAt } = escalation;
    const from = escalation.stepped === null ? 0 : at + 1;
    const ripe = steps.flatMap(({ dueAt }, step) => (step >= from && dueAt <= now ? [step] : []));
    if (ripe.length > 0) return ripe.flatMap((step) => stepped(escalation, step, now, 'time', peopleOf));
    if (askAt === null || askAt > now) return [];
    const body = {
      escalation: id,
      step: at,
      latenessMs: now - askAt,
      askAt: askAfter(now, acknowledged !== null),
    };
    return [{ type: 'escalation-asked', body }];
  });

/** The next moment (run time) at which something of an escalation ripens; null while none is open. */
export const nextMoment = (escalations: Escalations): number | null => {
  const moments = openEscalations(escalations).flatMap(({ steps, at, askAt, stepped: been }) => {
    const next = steps[been === null ? 0 : at + 1]?.dueAt;
    return [...(next === undefined ? [] : [next]), ...(askAt === null ? [] : [askAt])];
  });
  return moments.length === 0 ? null : Math.min(...moments);
};

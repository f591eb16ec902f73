import type { Room } from '../projections/room.ts';
import type { Rounds } from '../projections/rounds.ts';
import type { SignOffs } from '../projections/sign-off.ts';
import type { Verdicts } from '../projections/verdicts.ts';
import type { Plan } from '../schedule/due.ts';
import { sameWords } from '../target/bind.ts';
import { stageWords } from './lines.ts';
import type { SignOffLine, SignOffPlan } from './lines.ts';

export type SignOffSight = {
  readonly signOff: SignOffPlan;
  readonly signOffs: SignOffs;
  readonly plan: Plan;
  readonly rounds: Rounds;
  readonly verdicts: Verdicts;
  readonly closed: Room['closed'];
  /** T-0 and now in run time. */
  readonly t0: number | null;
  readonly now: number;
};

/** The digest of the newest verdict: what whoever signs has before them. */
export const verdictToSee = ({ verdicts }: Pick<SignOffSight, 'verdicts'>): string | null =>
  verdicts.verdicts.at(-1)?.digest ?? null;

const hours = (ms: number): string => {
  const whole = Math.ceil(ms / 3_600_000);
  return whole > 48 ? `${Math.ceil(whole / 24)} days` : whole === 1 ? 'an hour' : `${whole} hours`;
};

/** Why nobody may sign this line yet, in a sentence; null where it is time. */
export const tooEarly = (line: SignOffLine, sight: SignOffSight): string | null => {
  const { signOff, plan, rounds, t0, now } = sight;
  if (line.stage === 'authorise') return null;
  if (t0 === null)
    return `The ${stageWords[line.stage].toLowerCase()} speaks of what came after T-0, which is not set.`;
  if (line.stage === 'interim') {
    const due = t0 + (signOff.interimMs ?? 0);
    return now >= due
      ? null
      : `The interim sign-off comes ${hours(signOff.interimMs ?? 0)} after T-0, in ${hours(due - now)}.`;
  }
  const left = [...plan.rounds.values()].filter(({ id }) => !rounds.has(id));
  if (left.length === 0) return null;
  const count = left.length === 1 ? 'One round is' : `${left.length} rounds are`;
  return `The closing sign-off comes after the last round. ${count} still to come.`;
};

type Signer = { readonly name: string };

/** Why this person may not sign this line now, in a sentence; null where they may. */
export const mayNotSign = (line: SignOffLine, signer: Signer, sight: SignOffSight): string | null => {
  if (sight.closed !== null) return 'This run is closed: nothing is signed after its end.';
  const { signed } = sight.signOffs;
  if (signed.has(line.id)) return `${line.role} has signed here already.`;
  const early = tooEarly(line, sight);
  if (early !== null) return early;
  const own = [...signed.values()].find(
    (other) =>
      other.stage === line.stage && other.by.kind === 'person' && sameWords(other.by.name) === sameWords(signer.name),
  );
  return own === undefined
    ? null
    : `${signer.name} has signed already, as ${own.role}. Each line of the ${stageWords[line.stage].toLowerCase()} takes another person.`;
};

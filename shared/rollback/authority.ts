import { sameWords } from '../target/bind.ts';
import type { Target } from '../target/schema.ts';
import type { Rollback, RollbackRoom } from '../projections/rollback.ts';

type Person = { readonly name: string; readonly role: string | null };

const authorityOf = (
  target: Target,
): { readonly id: string; readonly label: string; readonly people: readonly string[] } => {
  const id = target.rollback?.authority ?? 'engineering-lead';
  const role = target.roles[id];
  return { id, label: role?.label ?? 'Engineering Lead', people: role?.people ?? [] };
};

/** What the role that authorises is called. */
export const authorityLabel = (target: Target): string => authorityOf(target).label;

/** Whether this person holds the role that authorises and, where the target names people for it, is one of them. */
export const mayAuthorise = (target: Target, person: Person): boolean => {
  const { id, label, people } = authorityOf(target);
  const role = sameWords(person.role ?? '');
  if (role !== sameWords(label) && role !== sameWords(id)) return false;
  return people.length === 0 || people.some((name) => sameWords(name) === sameWords(person.name));
};

/** Why this rollback can't be armed now; null where it can. */
export const armingRefusal = (room: RollbackRoom, rollback: Rollback): string | null => {
  if (rollback.state === 'proposed') return 'The preflight has not run yet.';
  if (rollback.state === 'blocked') return 'The preflight stopped it; see what failed, mend it and check again.';
  if (rollback.state !== 'ready' && rollback.state !== 'armed') return 'It was started already.';
  if (rollback.authorised === null) return 'Nobody with the authority has authorised it yet.';
  if (rollback.proposed.purpose === 'deploy' && room.lock !== null) return `Deploying is locked: ${room.lock.reason}`;
  return null;
};

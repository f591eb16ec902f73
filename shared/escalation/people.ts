import type { Contact } from '../contract.ts';
import { sameWords } from '../target/bind.ts';
import type { Target } from '../target/schema.ts';

/** Somebody to call, and how: whatever this desk keeps of them; empty where it keeps nothing. */
export type Reachable = { readonly name: string; readonly role: string; readonly reach: string };

/** Whether two names of a role mean the same one: one may say more than the other. */
const isRole = (role: string, asked: string): boolean => {
  const [a, b] = [sameWords(role), sameWords(asked)];
  return a !== '' && b !== '' && (a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `));
};

const reachOf = ({ phone, slack, email }: Contact): string =>
  [phone, slack, email].filter((words) => words !== '').join(' · ');

/** The people behind a role: those of this desk, then those whom the target names; everybody where all hands are called. */
export const peopleBehind = (
  contacts: readonly Contact[],
  { roles }: Pick<Target, 'roles'>,
  role: string | null,
): readonly Reachable[] => {
  const all = role !== null && sameWords(role).startsWith('all ');
  const fits = (words: string): boolean => all || (role !== null && isRole(words, role));
  const kept = contacts
    .filter((contact) => contact.name !== '' && fits(contact.role))
    .map((contact): Reachable => ({ name: contact.name, role: contact.role, reach: reachOf(contact) }));
  const named = Object.values(roles).flatMap(({ label, people }) =>
    fits(label) ? people.map((name): Reachable => ({ name, role: label, reach: '' })) : [],
  );
  const distinct = new Map<string, Reachable>();
  for (const one of [...kept, ...named]) if (!distinct.has(sameWords(one.name))) distinct.set(sameWords(one.name), one);
  return [...distinct.values()];
};

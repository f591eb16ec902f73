import type { Room } from '../projections/room.ts';
import type { Target } from '../target/schema.ts';

/** The settings of a probe or a step that say where something is or who asks, whatever its kind calls them. */
const places =
  /^(?:host|hostname|address|server|servers|context|namespace|database|user|username|cluster|bucket|queue|topic|channel|team|login|email|account|region|kubeconfig|repository)$/iv;

/** Who asks where, in "scheme://user:word@host:port/path" and "host:port". */
const address =
  /^(?:[a-z][a-z\d+.\-]*:\/\/(?:(?<user>[^@:\/]+)(?::[^@\/]*)?@)?(?<host>\[[^\]]+\]|[^\/:?#]+)|(?<bare>[\w.\-]+):\d+$)/iv;
const hostsIn = (text: string): readonly string[] =>
  Object.values(address.exec(text)?.groups ?? {}).filter((part) => part !== undefined);

const strings = (value: unknown, key = ''): readonly (readonly [key: string, text: string])[] => {
  if (typeof value === 'string') return [[key, value]];
  if (Array.isArray(value)) return value.flatMap((each: unknown) => strings(each, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => strings(each, name));
};

/** Shorter ones are parts of ordinary words. */
const leastLetters = 3;

/**
 * What a run itself declares to be a person, a host or a place: operators, the people of roles, and what its target sends
 * probes and steps to. Longest first, so that a name is taken out whole.
 */
export const createNames = (target: Target): ((room: Pick<Room, 'operators'>) => readonly string[]) => {
  const declared = strings(target).flatMap(([key, text]) => [...hostsIn(text), ...(places.test(key) ? [text] : [])]);
  const inRoles = Object.values(target.roles).flatMap((role) => role.people);
  // What the head of the wall says anyway need not be hidden in the words below it.
  const said = new Set([target.service.toLowerCase(), target.environment]);
  return ({ operators }) => {
    const people = [...operators.map(({ name }) => name), ...inRoles].flatMap((name) => [name, ...name.split(/\s+/v)]);
    return [...new Set([...people, ...declared].map((name) => name.trim()))]
      .filter((name) => name.length >= leastLetters && !said.has(name.toLowerCase()))
      .toSorted((a, b) => b.length - a.length);
  };
};

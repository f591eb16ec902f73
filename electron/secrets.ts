import type { SecretsView } from '../shared/shell/contract.ts';

/** Secrets by name. Values go in, and come out only to the probe or the notice that sends them. */
export type Secrets = {
  /** The value, or null where it is not set. */
  readonly get: (name: string) => Promise<string | null>;
  readonly keep: (name: string, value: string) => Promise<void>;
  readonly forget: (name: string) => Promise<void>;
  readonly names: () => Promise<readonly string[]>;
  readonly where: () => Promise<Pick<SecretsView, 'kept' | 'sentence'>>;
};

/** Begins the names of what this app keeps for itself: no target can name it, and it is never listed. */
export const ownSecret = '~';

export const variableOf = (name: string): string =>
  `WAR_ROOM_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** Until this process ends, and nowhere else: for served rooms, and where a system offers no keychain worth the name. */
export const secretsInMemory = (sentence: string): Secrets => {
  const values = new Map<string, string>();
  return {
    get: async (name) => values.get(name) ?? null,
    keep: async (name, value) => void values.set(name, value),
    forget: async (name) => void values.delete(name),
    names: async () => [...values.keys()],
    where: async () => ({ kept: 'memory', sentence }),
  };
};

/** What was typed counts before what the environment says. */
export const secretOf = async (secrets: Secrets, name: string): Promise<string | null> =>
  (await secrets.get(name)) ?? process.env[variableOf(name)] ?? null;

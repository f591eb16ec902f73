import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PracticeState } from '../../shared/contract.ts';
import type { Asked, BackedName, Told } from './keeper.ts';

type PartState = PracticeState['parts'][number];

/** The real database and cache behind the practice service, as far as this machine has them. */
export type Backing = {
  /** A temporary folder that goes with the backing, even when this process is killed. */
  readonly folder: string;
  readonly parts: () => readonly PartState[];
  /** Where to reach a part, or why it can't be reached (not yet, or not on this machine). */
  readonly url: (part: BackedName) => { readonly value: string } | { readonly absent: string };
  /** Resolves when the part runs or stopped as wanted; at once for one that is still starting (it will) or not available. */
  readonly want: (part: BackedName, want: Asked['want']) => Promise<void>;
  readonly close: () => Promise<void>;
};

const labels = { postgres: 'PostgreSQL', redis: 'Redis' } as const;
const names = Object.keys(labels) as readonly BackedName[];
const obeyMs = 20_000;

type Known = { state: PartState['state']; sentence: string; url: string | null; readonly waiting: (() => void)[] };

const firstOf = (name: BackedName, wanted: boolean): Known =>
  wanted
    ? { state: 'starting', sentence: `${labels[name]} is starting.`, url: null, waiting: [] }
    : {
        state: 'not-available',
        sentence: `This practice run was started without ${labels[name]}.`,
        url: null,
        waiting: [],
      };

/** From source the keeper is a .ts file beside this one; the built app has it as practice-keeper.js beside main.js. */
const keeperFile = (): string => {
  const source = fileURLToPath(new URL('./keeper.ts', import.meta.url));
  return existsSync(source) ? source : fileURLToPath(new URL('./practice-keeper.js', import.meta.url));
};

const forkKeeper = (folder: string, wanted: readonly BackedName[]): ChildProcess =>
  fork(keeperFile(), [folder, wanted.join(',')], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });

const learn = (known: Known, label: string, told: Told): void => {
  known.state = told.state === 'not-available' ? 'not-available' : 'up';
  if (told.state === 'up') known.url = told.url;
  known.sentence =
    told.state === 'not-available'
      ? told.sentence
      : told.state === 'stopped'
        ? `${label} is stopped by a fault.`
        : `${label} runs on this machine.`;
  if (told.state !== 'up') for (const done of known.waiting.splice(0)) done();
};

/** Begins to bring the wanted parts up and returns at once: `parts` tells how far they are. */
export const startBacking = async (wanted: readonly BackedName[] = names): Promise<Backing> => {
  const folder = await mkdtemp(join(tmpdir(), 'war-room-practice-'));
  const known = Object.fromEntries(
    names.map((name) => [name, firstOf(name, wanted.includes(name))]),
  ) as unknown as Record<BackedName, Known>;
  const keeper = forkKeeper(folder, wanted);
  const gone = (): void => {
    for (const name of wanted)
      learn(known[name], labels[name], {
        part: name,
        state: 'not-available',
        sentence: `${labels[name]} ended with the process that keeps it.`,
      });
  };
  keeper.on('error', gone);
  keeper.on('exit', gone);
  keeper.on('message', (told: Told) => learn(known[told.part], labels[told.part], told));

  return {
    folder,
    parts: () =>
      names.map((name) => ({ name: labels[name], state: known[name].state, sentence: known[name].sentence })),
    url: (part) => {
      const { url, state, sentence } = known[part];
      return url === null || state !== 'up' ? { absent: sentence } : { value: url };
    },
    want: (part, want) =>
      new Promise((done) => {
        if (known[part].state === 'not-available' || !keeper.connected) return done();
        if (known[part].state === 'starting') {
          keeper.send({ part, want } satisfies Asked);
          return done();
        }
        const timer = setTimeout(done, obeyMs);
        known[part].waiting.push(() => (clearTimeout(timer), done()));
        keeper.send({ part, want } satisfies Asked);
      }),
    close: async () => {
      if (keeper.exitCode === null && keeper.signalCode === null && keeper.pid !== undefined) {
        const exited = once(keeper, 'exit');
        if (keeper.connected) keeper.disconnect();
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
};

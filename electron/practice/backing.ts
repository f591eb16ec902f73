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

const firstOf = (name: BackedName, wanted: readonly BackedName[]): Known =>
  wanted.includes(name)
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

/** A packaged Electron app can't run a script as Node: its fuse against that is off, and a fork would open the app again. */
const canFork = process.versions['electron'] === undefined || 'defaultApp' in process;

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

/** Ends the keeper by ending its channel, and waits until it took its servers and the folder along. */
const dismiss = async (keeper: ChildProcess): Promise<void> => {
  if (keeper.exitCode !== null || keeper.signalCode !== null || keeper.pid === undefined) return;
  const exited = once(keeper, 'exit');
  if (keeper.connected) keeper.disconnect();
  await exited;
};

/** Begins to bring the wanted parts up and returns at once: `parts` tells how far they are. */
export const startBacking = async (wanted: readonly BackedName[] = names): Promise<Backing> => {
  const folder = await mkdtemp(join(tmpdir(), 'war-room-practice-'));
  const known = { postgres: firstOf('postgres', wanted), redis: firstOf('redis', wanted) };
  const lose = (why: string): void => {
    for (const part of wanted)
      learn(known[part], labels[part], { part, state: 'not-available', sentence: `${labels[part]} ${why}.` });
  };
  const keeper = canFork ? forkKeeper(folder, wanted) : null;
  if (keeper === null) lose('is not part of the packaged app');
  keeper?.on('error', () => lose('has no process to keep it'));
  keeper?.on('exit', () => lose('ended with the process that keeps it'));
  keeper?.on('message', (told: Told) => learn(known[told.part], labels[told.part], told));

  return {
    folder,
    parts: () =>
      wanted.map((part) => ({ name: labels[part], state: known[part].state, sentence: known[part].sentence })),
    url: (part) => {
      const { url, state, sentence } = known[part];
      return url === null || state !== 'up' ? { absent: sentence } : { value: url };
    },
    want: (part, want) =>
      new Promise((done) => {
        const { state, waiting } = known[part];
        if (keeper?.connected !== true || state === 'not-available') return done();
        keeper.send({ part, want } satisfies Asked);
        if (state === 'starting') return done();
        const timer = setTimeout(done, obeyMs);
        waiting.push(() => (clearTimeout(timer), done()));
      }),
    close: async () => {
      if (keeper !== null) await dismiss(keeper);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

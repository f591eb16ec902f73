import { rollbackClicks } from './rollback-clicks.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { guardStates } from './rollback-guard.ts';
import { killOnce, paces } from './rollback-crash.ts';
import type { Kill } from './rollback-crash.ts';
import { rollbackFaults } from './rollback-faults.ts';
import { rollbackOverhead } from './rollback-overhead.ts';
import { rollbackWords } from './rollback-words.ts';

const kills = 200;
const clicks = 1_000;
const states = 1_000;
/** Kills are mostly waiting: this many at a time. The return of the panel is measured again with nothing beside it. */
const atOnce = 8;
const quietKills = 10;

/** Every fourth kill meets a step that works long enough to be found alive. */
const killAt = (n: number): Promise<Kill> =>
  n % 4 === 3 ? killOnce(((n * 37) % 200) * 25, paces.long) : killOnce(((n * 37) % 200) * 7, paces.short);

const killed = async (count: number, many: number): Promise<readonly Kill[]> => {
  const all: Kill[] = [];
  const left = Array.from({ length: count }, (_, n) => n).values();
  const work = async (): Promise<void> => {
    for (const n of left) all.push(await killAt(n));
  };
  await Promise.all(Array.from({ length: many }, work));
  for (const kill of all.filter(({ wrong }) => wrong.length > 0))
    console.log(`killed after ${kill.afterMs} ms (${kill.states}): ${kill.wrong.join('; ')}`);
  return all;
};

const backFigures = (all: readonly Kill[], when: string): readonly Figure[] => {
  const back = all.map(({ backMs }) => backMs).sort((a, b) => a - b);
  return [
    figure(`rollback: return of the panel ${when}, median`, (back[Math.floor(back.length / 2)] ?? 0) / 1_000, 's', 3),
    figure(`rollback: return of the panel ${when}, slowest`, (back.at(-1) ?? 0) / 1_000, 's', 3),
  ];
};

async function* rollbackKills(): AsyncGenerator<Figure> {
  yield* backFigures(await killed(quietKills, 1), 'alone');
  const all = await killed(kills, atOnce);
  const sum = (of: (kill: Kill) => number): number => all.reduce((total, kill) => total + of(kill), 0);
  yield figure('rollback: kills inside an eight-step rollback', all.length, 'kills', null);
  yield figure(
    'rollback: contradictions to the truth after a kill',
    sum(({ wrong }) => wrong.length),
    'steps',
    null,
  );
  yield figure(
    'rollback: steps that a person had to decide',
    sum(({ unknown }) => unknown),
    'steps',
    null,
  );
  yield figure(
    'rollback: live steps found again',
    sum(({ found }) => Number(found)),
    'steps',
    null,
  );
  yield* backFigures(all, `with ${atOnce} apps at once`);
}

/**
 * What a rollback promises, counted: each part tells its figures as soon as it has them. The time of the way back comes
 * first, while the machine is quiet; what only counts comes after it.
 */
export async function* rollbackBench(): AsyncGenerator<Figure> {
  yield* rollbackOverhead(5);
  yield* await rollbackClicks(clicks);
  yield* rollbackFaults();
  yield* rollbackWords();
  yield* await guardStates(states);
  yield* rollbackKills();
}

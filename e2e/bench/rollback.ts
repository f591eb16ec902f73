import { rollbackClicks } from './rollback-clicks.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { guardStates } from './rollback-guard.ts';
import { killOnce, paces } from './rollback-crash.ts';

const kills = 200;
const clicks = 1_000;
const states = 1_000;

/** Every fourth kill meets a step that works long enough to be found alive. */
const killAt = (n: number) =>
  n % 4 === 3 ? killOnce(((n * 37) % 200) * 25, paces.long) : killOnce(((n * 37) % 200) * 7, paces.short);

const killFigures = async (): Promise<readonly Figure[]> => {
  const all: Awaited<ReturnType<typeof killOnce>>[] = [];
  for (let n = 0; n < kills; n += 2) all.push(...(await Promise.all([killAt(n), killAt(n + 1)])));
  for (const kill of all.filter(({ wrong }) => wrong.length > 0))
    console.log(`killed after ${kill.afterMs} ms (${kill.states}): ${kill.wrong.join('; ')}`);
  const back = all.map(({ backMs }) => backMs).sort((a, b) => a - b);
  return [
    figure('rollback: kills inside an eight-step rollback', all.length, 'kills', null),
    figure(
      'rollback: contradictions to the truth after a kill',
      all.flatMap(({ wrong }) => wrong).length,
      'steps',
      null,
    ),
    figure(
      'rollback: steps that a person had to decide',
      all.reduce((sum, kill) => sum + kill.unknown, 0),
      'steps',
      null,
    ),
    figure('rollback: live steps found again', all.filter(({ found }) => found).length, 'steps', null),
    figure('rollback: return of the panel, median', (back[Math.floor(back.length / 2)] ?? 0) / 1_000, 's', 3),
    figure('rollback: return of the panel, slowest', (back.at(-1) ?? 0) / 1_000, 's', 3),
  ];
};

/** Kills the app at 200 points inside a rollback, clicks 1,000 times too often, and tries 1,000 states of a cluster. */
export const rollbackBench = async (): Promise<readonly Figure[]> => [
  ...(await rollbackClicks(clicks)),
  ...(await guardStates(states)),
  ...(await killFigures()),
];

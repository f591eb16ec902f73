import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunId } from '../../shared/events.ts';
import type { WallBeat, WallClient, WallFrame } from '../../shared/wall/contract.ts';
import { callerOf, openDesk, quiet } from './fixtures/room.ts';
import type { Desk } from './fixtures/room.ts';

const late = { timeout: 20_000, interval: 20 };

type Said = WallFrame | WallBeat;
const isFrame = (said: Said): said is WallFrame => 'seq' in said;

let desk: Desk;
let stop: AbortController;
beforeEach(async () => {
  desk = await openDesk();
  stop = new AbortController();
});
afterEach(() => stop.abort());

/** A wall, and all that it has been told so far. */
const openWall = (run: RunId | null = null): readonly Said[] => {
  const context = { caller: callerOf({ grant: 'watch' }), log: quiet };
  const wall: WallClient = createRouterClient(desk.engine.watching, { context });
  const told: Said[] = [];
  void (async () => {
    for await (const said of await wall.wall.follow({ run, after: 0 }, { signal: stop.signal })) told.push(said);
  })().catch(() => undefined); // It ends with the signal.
  return told;
};
const begin = (): Promise<{ readonly runId: RunId }> =>
  desk.client.runs.start({
    runbook: { name: 'r.md', text: '# R\n\n## Before\n\n- [ ] Ship it\n' },
    target: { name: 't.yaml', text: 'version: 1\nservice: api\nenvironment: staging\n' },
    release: '2.0.0',
    plannedT0: null,
  });

test('a wall is told first that no run is open, then a run, and that it is gone from the one that it followed', async () => {
  const told = openWall();
  await expect.poll(() => told.length, late).toBeGreaterThan(0);
  expect(told[0]).toMatchObject({ runId: null, head: null, tiles: [] });
  const { runId } = await begin();
  await expect.poll(() => told.findLast(isFrame)?.runId, late).toBe(runId);
  await desk.client.runs.close({ runId, reason: 'The rehearsal ends here.' });
  await expect.poll(() => told.findLast(isFrame)?.head?.closed?.outcome, late).toBe('stopped');
});

test('where nothing is new it hears beats of a few bytes, and after an event at once what is', async () => {
  const { runId } = await begin();
  const walls = Array.from({ length: 3 }, () => openWall(runId));
  await expect.poll(() => Math.min(...walls.map((told) => told.length)), late).toBeGreaterThan(15);
  for (const told of walls) {
    const [first, ...rest] = told;
    expect(first).toMatchObject({ runId, head: { service: 'api', running: [] } });
    // Nothing is measured in this run: all that moves is the time, and that the wall reckons itself.
    expect(rest.filter(isFrame).length).toBeLessThan(rest.length / 2);
    for (const beat of rest.filter((said) => !isFrame(said))) expect(Object.keys(beat)).toEqual(['at']);
    const times = told.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  const seq = (told: readonly Said[]): number => told.findLast(isFrame)?.seq ?? 0;
  const before = seq(walls[0]!);
  await desk.client.checklist.note({ runId, item: null, text: 'seen by all' });
  await expect.poll(() => walls.every((told) => seq(told) > before), late).toBe(true);
});

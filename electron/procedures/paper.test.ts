import { expect, it } from 'vitest';
import { filledOf } from '../../shared/projections/filled.ts';
import { paperPlaces } from '../../shared/paper/places.ts';
import { eventsOf, movableClock, openDesk } from './fixtures/room.ts';

const document = `# Release
## Phase 1: Before
- [ ] Tell the support team
- [ ] Customers calm? ☐ Yes ☐ No
## Phase 2: After
### Looks (Every 5 minutes for 15 minutes)
- [ ] Errors: ___ %
## Template
**Deployed By**: ____________
`;
const target = `version: 1\nservice: shop\nenvironment: production\n`;

it('types a sheet in, in its own order: each value is from paper, with its written time and who typed it', async () => {
  const clock = movableClock();
  const { engine, as } = await openDesk({ clock });
  const bo = as({ name: 'Bo' });
  const { runId } = await bo.runs.start({
    runbook: { name: 'release.md', text: document },
    target: { name: 'shop.yaml', text: target },
    ...{ release: '1', plannedT0: null },
  });
  const room = engine.rooms.open(runId);
  const places = paperPlaces(room.context.runbook, () => '');
  expect(places.map(({ kind, words, asks }) => `${kind} ${words} ${asks}`.trim())).toEqual([
    'fill Deployed By Template',
    'tick Tell the support team ticked?',
    'tick Customers calm? ticked?',
    'fill Customers calm?',
    'reading Errors +5 min',
    'reading Errors +10 min',
    'reading Errors +15 min',
  ]);
  const writtenAt = clock.now() - 60_000;
  const paper = { writtenAt, writtenBy: 'Ada' };
  const [by, tell, , calm, first] = places;
  if (by?.kind !== 'fill' || tell?.kind !== 'tick' || calm?.kind !== 'fill' || first?.kind !== 'reading')
    return expect.fail('the places are others');
  await bo.paper.enter({ runId, entry: { kind: 'fill', field: by.field, value: 'Ada Lovelace' }, paper });
  await bo.paper.enter({ runId, entry: { kind: 'tick', item: tell.item }, paper });
  await expect(bo.paper.enter({ runId, entry: { kind: 'tick', item: tell.item }, paper })).rejects.toThrow(
    /answered already/,
  );
  await expect(
    bo.paper.enter({ runId, entry: { kind: 'fill', field: calm.field, value: 'Perhaps' }, paper }),
  ).rejects.toThrow(/One of Yes, No can stand here/);
  await bo.paper.enter({ runId, entry: { kind: 'fill', field: calm.field, value: 'Yes' }, paper });
  const reading = { kind: 'reading', round: first.round, reading: first.reading, value: '0.02', fine: true } as const;
  await expect(bo.paper.enter({ runId, entry: reading, paper })).rejects.toThrow(/has not come yet/);
  await bo.clock.setT0({ runId, t0: null });
  clock.pass(40 * 60_000);
  await expect.poll(() => room.state.rounds().size, { timeout: 20_000 }).toBe(3);
  await bo.paper.enter({ runId, entry: reading, paper });
  const later = { ...paper, writtenAt: clock.now() + 60_000 };
  await expect(bo.paper.enter({ runId, entry: reading, paper: later })).rejects.toThrow(/lies in the future/);

  expect(room.state.rounds().get(first.round)?.taken.get(first.reading)).toMatchObject({ value: '0.02', paper });
  const { evidence } = filledOf(room.context, await eventsOf(bo, runId));
  expect(evidence.find(({ item }) => item === tell.item)).toMatchObject({
    state: 'done',
    by: 'Ada',
    at: writtenAt,
    how: expect.stringMatching(/^from paper, written .* UTC by Ada, typed in by Bo$/u),
  });
}, 60_000);

import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import type { RunContext } from '../contract.ts';
import type { RunId } from '../events.ts';
import { fold } from '../projection.ts';
import { alarmsProjection } from '../projections/alarms.ts';
import { checklistProjection } from '../projections/checklist.ts';
import { gatesProjection } from '../projections/gates.ts';
import { rollbackProjection } from '../projections/rollback.ts';
import { roomProjection } from '../projections/room.ts';
import { roundsProjection } from '../projections/rounds.ts';
import { shiftProjection } from '../projections/shift.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { scenarios } from '../scenarios.ts';
import { planOf } from '../schedule/due.ts';
import { bindItems } from '../target/bind.ts';
import { parseTarget } from '../target/parse.ts';
import { votersOf } from '../gates.ts';
import type { WallFrame } from './contract.ts';
import { wallHead } from './head.ts';
import { createNames } from './names.ts';
import { redactFrame } from './redact.ts';
import { runningNow } from './running.ts';
import { createWallTiles } from './tiles.ts';

const read = (name: string): string => readFileSync(new URL(`../runbooks/${name}`, import.meta.url), 'utf8');
const now = Date.UTC(2026, 10, 23, 12);

const frameOf = (name: string): WallFrame => {
  const runbook = parseRunbook(read('production-deployment-checklist.md'));
  const { target } = parseTarget(read('practice.target.yaml'));
  const { bound } = bindItems(runbook, target!);
  const context = { runId: 'r' as RunId, runbook, target: target!, bindings: bound } as unknown as RunContext;
  const { events, tick } = scenarios.find((each) => each.name === name)!.build(context, now);
  const room = fold(roomProjection, context, events);
  const head = wallHead({
    context,
    room,
    shift: fold(shiftProjection, context, events),
    alarms: fold(alarmsProjection, context, events),
    rollbacks: fold(rollbackProjection, context, events),
    running: [],
    gates: {
      plan: planOf(runbook),
      voters: votersOf(runbook, target!),
      checklist: fold(checklistProjection, context, events),
      rounds: fold(roundsProjection, context, events),
      gates: fold(gatesProjection, context, events),
      t0: room.t0?.run ?? null,
      now,
    },
  });
  const health = new Map([...tick.probes, ...tick.metrics].map((one) => [one.id, one]));
  return {
    at: now,
    runId: context.runId,
    seq: room.lastSeq,
    missed: 0,
    muted: false,
    redacted: false,
    head,
    tiles: createWallTiles(target!)({ health, points: (metric) => tick.points[metric] ?? [] }, () => null),
  };
};

test('a wall says how the room stands: phase, gate, what is due, what fails and who is on point', () => {
  const { head, tiles } = frameOf('degraded');
  expect(head).toMatchObject({
    service: 'backend-api',
    environment: 'production',
    release: '2.15.0',
    t0: { planned: false },
    onPoint: { name: 'Ana Ruiz', role: 'On-call engineer' },
    gate: { state: 'open', failing: 1 },
  });
  expect(head?.phases.map(({ standing }) => standing)[0]).toBe('here');
  expect(head?.alarms.map(({ label }) => label)).toEqual(['API latency p95']);
  expect(tiles.find(({ label }) => label === 'API latency p95')).toMatchObject({ state: 'fail', unit: 'ms' });
  expect(tiles.some(({ state, number }) => state === 'pending' && number !== '')).toBe(false);
});

test('what nobody has asked yet is pending on every tile, never green', () => {
  const states = new Set(frameOf('just-started').tiles.map(({ state }) => state));
  expect([...states]).toEqual(['pending']);
});

/** A frame with something of its own in every place that holds words, so that each can be told where it comes out. */
const planted = (): { readonly frame: WallFrame; readonly words: ReadonlyMap<string, string> } => {
  const words = new Map<string, string>();
  const plant = (value: unknown, path: string): unknown => {
    if (
      typeof value === 'string' &&
      !/environment|standing|state|kind|said|priority|looks|purpose|outcome|\.op$|\.of$/u.test(path)
    ) {
      const own = `w${words.size}ord`;
      words.set(own, path);
      return path.endsWith('.id') ? `metric ${own}` : own;
    }
    if (Array.isArray(value)) return value.map((each, at) => plant(each, `${path}[${at}]`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plant(each, `${path}.${key}`)]));
  };
  const frame = frameOf('degraded');
  const step = { title: 'Scale up', state: 'running' } as const;
  const rollback = { purpose: 'rollback', state: 'running', sentence: 'why', since: now, steps: [step] } as const;
  const running = runningNow(
    { probes: {} },
    [{ probe: 'tests', since: now, deadlineMs: 60_000, line: 'suite 3 of 9' }],
    [{ label: 'npm run build', since: now, ofMs: 60_000, line: 'built' }],
  );
  const full = {
    ...frame,
    head: { ...frame.head!, rollback, running, closed: { at: now, outcome: 'stopped', words: 'stopped' } },
  };
  return { frame: plant(full, '') as WallFrame, words };
};

test('over an open way a field crosses only where it says what it is, and free words never', () => {
  const { frame, words } = planted();
  const kinds = new Set([...words.values()].map((path) => path.replaceAll(/\[\d+\]/gu, '[]')));
  const text = JSON.stringify(redactFrame(frame, []));
  const crossed = [...words]
    .filter(([word]) => text.includes(word))
    .map(([, path]) => path.replaceAll(/\[\d+\]/gu, '[]'));
  expect([...new Set(crossed)].toSorted()).toEqual(
    [
      '.head.alarms[].label',
      '.head.due[].title',
      '.head.gate.title',
      '.head.gate.votes[].role',
      '.head.next[].title',
      '.head.onPoint.role',
      '.head.overdue[].title',
      '.head.phases[].title',
      '.head.release',
      '.head.running[].label',
      '.head.service',
      '.runId',
      '.tiles[].label',
      '.tiles[].unit',
    ].filter((path) => kinds.has(path)),
  );
  for (const path of [
    '.head.items[].words',
    '.head.items[].value',
    '.head.onPoint.name',
    '.head.alarms[].sentence',
    '.head.alarms[].id',
    '.head.rollback.steps[].title',
    '.head.rollback.sentence',
    '.head.running[].line',
    '.tiles[].id',
    '.tiles[].number',
    '.tiles[].lines',
  ])
    expect([path, kinds.has(path), crossed.includes(path)]).toEqual([path, true, false]);
});

test('what nobody has thought of does not cross', () => {
  const frame = frameOf('degraded');
  const more = { ...frame, note: 'unthought', head: { ...frame.head!, chat: 'unthought' } };
  const tiles = frame.tiles.map((tile) => ({ ...tile, evidence: 'unthought' }));
  expect(JSON.stringify(redactFrame({ ...more, tiles }, []))).not.toContain('unthought');
});

test('a wall over an open way names no person, host or place of its run, and keeps what it is there for', () => {
  const frame = frameOf('degraded');
  const address = 'https://ops:hunter2@db.internal.example.com/x?key=Zx81qq9fLmA77c0pQrTt';
  const label = 'Ana Ruiz at db-primary:5432 for ops@example.com from 10.20.30.40';
  const told: WallFrame = {
    ...frame,
    head: {
      ...frame.head!,
      service: `backend ${address}`,
      phases: [{ ...frame.head!.phases[0]!, title: `Call RUIZ about db-primary in payments-prod` }],
      alarms: [{ ...frame.head!.alarms[0]!, label, sentence: `asked ${address}` }],
    },
  };
  const { target } = parseTarget(
    `version: 1\nservice: shop\nenvironment: production\nroles: { lead: { label: Lead, people: [Ana Ruiz] } }\nprobes:\n  db: { kind: postgres, label: Orders, with: { url: 'postgres://reader@db-primary:5432/shop', namespace: payments-prod } }\n`,
  );
  const names = createNames(target!)({ operators: [{ name: 'Grace Hopper', role: null }] });
  expect(names).toEqual(
    expect.arrayContaining(['Grace Hopper', 'Hopper', 'Ana Ruiz', 'db-primary', 'reader', 'payments-prod']),
  );
  const redacted = redactFrame(told, names);
  const text = JSON.stringify(redacted);
  for (const leak of [
    'hunter2',
    'Zx81qq9f',
    '10.20.30.40',
    'ops@',
    'internal',
    'Ana',
    'uiz',
    'RUIZ',
    'db-primary',
    'payments',
  ])
    expect(text).not.toContain(leak);
  expect(redacted.redacted).toBe(true);
  expect(redacted.head?.onPoint).toEqual({ name: 'On-call engineer', role: null });
  expect(redacted.head?.gate?.state).toBe('open');
  const latency = redacted.tiles.find((tile) => tile.label === 'API latency p95');
  expect(latency?.number).toMatch(/^[\d,]+$/u);
  // As many tiles as before, each still told from the others, metrics still before probes.
  expect(new Set(redacted.tiles.map(({ id }) => id)).size).toBe(frame.tiles.length);
  expect(redacted.tiles.map(({ id }) => id[0])).toEqual(frame.tiles.map(({ id }) => id[0]));
});

test('a program that runs is told by its name and its time; over an open way a command by its number, and neither by what it says', () => {
  const frame = frameOf('degraded');
  const running = runningNow(
    { probes: { tests: { label: 'Test coverage' } } as never },
    [{ probe: 'tests', since: now - 5_000, deadlineMs: 60_000, line: 'suite 3 of 9' }],
    [{ label: 'kubectl -n payments get pods', since: now - 9_000, ofMs: 30_000, line: 'db-primary is ready' }],
  );
  expect(running.map(({ label }) => label)).toEqual(['kubectl -n payments get pods', 'Test coverage']);
  expect(redactFrame({ ...frame, head: { ...frame.head!, running } }, []).head?.running).toEqual([
    { of: 'command', label: 'Command 1', since: now - 9_000, ofMs: 30_000, line: '' },
    { of: 'probe', label: 'Test coverage', since: now - 5_000, ofMs: 60_000, line: '' },
  ]);
});

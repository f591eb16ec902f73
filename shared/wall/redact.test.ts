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
import { redactFrame } from './redact.ts';
import { wallTiles } from './tiles.ts';

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
  const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((one) => [one.id, one]));
  const health = {
    probes: byId(tick.probes),
    metrics: byId(tick.metrics),
    points: new Map(Object.entries(tick.points)),
  };
  return {
    at: now,
    runId: context.runId,
    seq: room.lastSeq,
    missed: 0,
    muted: false,
    redacted: false,
    head,
    tiles: wallTiles(context, health, () => null),
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

test('a wall over an open way names nobody and repeats no free words, but keeps what it is there for', () => {
  const frame = frameOf('degraded');
  const secret = 'https://ops:hunter2@db.internal.example.com/x?key=Zx81qq9fLmA77c0pQrTt';
  const planted: WallFrame = {
    ...frame,
    head: {
      ...frame.head!,
      service: `backend ${secret}`,
      alarms: [{ ...frame.head!.alarms[0]!, label: `Probe of 10.20.30.40:5432`, sentence: `asked ${secret}` }],
      items: [
        { words: `Call ops@example.com at db.internal.example.com`, state: 'open', value: secret, current: true },
      ],
    },
  };
  const text = JSON.stringify(redactFrame(planted));
  for (const leak of [
    'hunter2',
    'Zx81qq9fLmA77c0pQrTt',
    '10.20.30.40',
    'ops@example.com',
    'internal.example',
    'Ana',
    'Ruiz',
  ])
    expect(text).not.toContain(leak);
  const { head, tiles, redacted } = redactFrame(planted);
  expect(redacted).toBe(true);
  expect(head?.onPoint).toEqual({ name: 'On-call engineer', role: null });
  expect(head?.gate?.state).toBe('open');
  expect(tiles.find(({ label }) => label === 'API latency p95')?.number).toMatch(/^[\d,]+$/u);
});

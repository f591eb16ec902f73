import { describe, expect, test } from 'vitest';
import { guardStep, readyBehind } from './guard.ts';
import type { ClusterView, DeploymentView, PodView } from './guard.ts';

const pods = (deployment: string, track: string, ready: number, notReady = 0, set = `${deployment}-1`): PodView[] =>
  Array.from({ length: ready + notReady }, (_, at) => ({
    name: `${set}-${at}`,
    labels: { app: 'api', track },
    deployment,
    set,
    ready: at < ready,
    state: at < ready ? 'Running' : 'Pending',
  }));

const deployment = (name: string, replicas: number, extra: Partial<DeploymentView> = {}): DeploymentView => ({
  name,
  replicas,
  ready: replicas,
  paused: false,
  strategy: 'RollingUpdate',
  maxUnavailable: 1,
  revision: 2,
  image: 'api:2',
  owner: null,
  ...extra,
});

const view = (all: readonly PodView[], extra: Partial<ClusterView> = {}): ClusterView => ({
  at: 0,
  deployments: [deployment('new', 3), deployment('old', 0)],
  revisions: [{ deployment: 'new', revision: 1, image: 'api:1', labels: { app: 'api', track: 'new' } }],
  pods: all,
  services: [{ name: 'api', selector: { app: 'api', track: 'new' } }],
  ...extra,
});

const allowed = (state: ClusterView, effect: Parameters<typeof guardStep>[2]): boolean =>
  guardStep(state, 'api', effect).allowed;

describe('never zero ready pods because of a step', () => {
  test('the order of the paper, new to 0 first, is refused with the number', () => {
    const down = guardStep(view(pods('new', 'new', 3)), 'api', {
      do: 'scale',
      deployment: 'new',
      replicas: 0,
      from: 3,
    });
    expect(down).toMatchObject({ allowed: false, ready: 3, after: 0 });
    expect(down.sentence).toContain('no ready pod behind api (3 ready pods now)');
  });

  test('up always may, also in an outage', () => {
    expect(allowed(view([]), { do: 'scale', deployment: 'old', replicas: 3, from: 0 })).toBe(true);
  });

  test('traffic goes only where a pod is ready', () => {
    const previous = { do: 'selector', service: 'api', labels: { app: 'api', track: 'old' } } as const;
    expect(allowed(view([...pods('new', 'new', 3), ...pods('old', 'old', 0, 3)]), previous)).toBe(false);
    expect(allowed(view([...pods('new', 'new', 3), ...pods('old', 'old', 1, 2)]), previous)).toBe(true);
    expect(allowed(view(pods('new', 'new', 3)), { ...previous, labels: {} })).toBe(false);
  });

  test('new goes down once another one serves', () => {
    const switched = view([...pods('new', 'new', 3), ...pods('old', 'old', 3)], {
      services: [{ name: 'api', selector: { track: 'old' } }],
      deployments: [deployment('new', 3), deployment('old', 3)],
    });
    expect(readyBehind(switched, 'api')).toHaveLength(3);
    expect(allowed(switched, { do: 'scale', deployment: 'new', replicas: 0, from: 3 })).toBe(true);
    expect(allowed(switched, { do: 'scale', deployment: 'old', replicas: 0, from: 3 })).toBe(false);
  });

  test('scaling down in the middle of a rollout promises nothing about which pods stay', () => {
    const rolling = view([...pods('new', 'new', 1, 0, 'new-1'), ...pods('new', 'new', 0, 2, 'new-2')]);
    expect(allowed(rolling, { do: 'scale', deployment: 'new', replicas: 2, from: 3 })).toBe(false);
  });

  test('undo depends on the strategy, the unavailable pods and the labels of the old revision', () => {
    const undo = { do: 'undo', deployment: 'new', revision: 1 } as const;
    const with3 = (extra: Partial<DeploymentView>): ClusterView =>
      view(pods('new', 'new', 3), { deployments: [deployment('new', 3, extra)] });
    expect(allowed(with3({}), undo)).toBe(true);
    expect(allowed(with3({ strategy: 'Recreate' }), undo)).toBe(false);
    expect(allowed(with3({ maxUnavailable: 3 }), undo)).toBe(false);
    expect(allowed(with3({}), { ...undo, revision: 9 })).toBe(false);
    const relabelled = {
      ...with3({}),
      revisions: [{ deployment: 'new', revision: 1, image: 'a', labels: { app: 'api' } }],
    };
    expect(allowed(relabelled, undo)).toBe(false);
  });
});

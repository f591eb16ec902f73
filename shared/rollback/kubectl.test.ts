import { expect, test } from 'vitest';
import { kubeArguments, kubeCanI, kubeDryRun } from './kubectl.ts';

const place = { context: 'prod-eu-1', namespace: 'default' };

test('every act names its context, its namespace and a limit', () => {
  const scale = { do: 'scale', deployment: 'backend-api', replicas: 0, from: 3 } as const;
  expect(kubeArguments(place, scale, 60_000).join(' ')).toBe(
    'kubectl --context prod-eu-1 --namespace default --request-timeout=10s scale deployment/backend-api --replicas=0 --current-replicas=3',
  );
  expect(kubeDryRun(place, scale).at(-1)).toBe('--dry-run=server');
  expect(kubeArguments(place, { do: 'undo', deployment: 'api', revision: 4 }, 1).slice(-2)).toEqual([
    'deployment/api',
    '--to-revision=4',
  ]);
  expect(kubeArguments(place, { do: 'status', deployment: 'api' }, 300_000).slice(-4)).toEqual([
    'rollout',
    'status',
    'deployment/api',
    '--timeout=300s',
  ]);
  const labels = { app: 'backend-api', track: 'previous' };
  expect(kubeArguments(place, { do: 'selector', service: 'backend-api', labels }, 1).slice(-4)).toEqual([
    'set',
    'selector',
    'service/backend-api',
    'app=backend-api,track=previous',
  ]);
  expect(kubeCanI(place, 'patch', 'deployments/scale').slice(-4)).toEqual([
    'can-i',
    'patch',
    'deployments',
    '--subresource=scale',
  ]);
});

test.each(['--all', '-l', 'a b', 'a,b', 'a/b', 'A', '', '$(id)', 'a\nb', 'a;b', 'a'.repeat(300), '../x', 'a=b', 'ä'])(
  'no name gets through that is not one: %j',
  (name) => {
    expect(() => kubeArguments(place, { do: 'scale', deployment: name, replicas: 1, from: 1 }, 1)).toThrow('is no');
    expect(() => kubeArguments(place, { do: 'selector', service: name, labels: { a: 'b' } }, 1)).toThrow('is no');
    expect(() => kubeArguments({ context: 'c', namespace: name }, { do: 'status', deployment: 'a' }, 1)).toThrow(
      'is no',
    );
  },
);

test('a selector takes labels only, and never none', () => {
  const selector = (labels: Record<string, string>) =>
    kubeArguments(place, { do: 'selector', service: 's', labels }, 1);
  expect(() => selector({})).toThrow('without labels');
  expect(() => selector({ 'a,b': 'c' })).toThrow('is no');
  expect(() => selector({ a: 'b,c=d' })).toThrow('is no');
  expect(() => selector({ a: '-x' })).toThrow('is no');
});

test('a context may be any visible word, but no option', () => {
  expect(
    kubeArguments({ ...place, context: 'arn:aws:eks:eu-1:1:cluster/a' }, { do: 'status', deployment: 'a' }, 1),
  ).toContain('arn:aws:eks:eu-1:1:cluster/a');
  expect(() => kubeArguments({ ...place, context: '-c' }, { do: 'status', deployment: 'a' }, 1)).toThrow('is no');
  expect(() => kubeArguments({ ...place, context: 'a\u200B' }, { do: 'status', deployment: 'a' }, 1)).toThrow('is no');
});

import { WarRoomError } from '../errors.ts';
import { hiddenCharacter } from './text.ts';
import type { Effect } from './plan.ts';

/** Where kubectl acts; always written out, because otherwise it acts on whatever the machine points at. */
export type KubePlace = { readonly context: string; readonly namespace: string };

/** What a kubernetes step may do: what changes pods, and waiting for a rollout. */
export type KubeAction = Effect | { readonly do: 'status'; readonly deployment: string };

const label63 = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;
const labelValue = /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/u;
const labelKey = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/u;

const checked = (value: string, fits: boolean, what: string): string => {
  if (!fits) throw new WarRoomError('bad-input', `"${value}" is no ${what}.`);
  return value;
};
const objectName = (name: string, what: string): string =>
  checked(name, name.length <= 253 && name.split('.').every((part) => label63.test(part)), `name of a ${what}`);

const seconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1_000))}s`;

/** Context, namespace and a limit for each single request, before anything else. Throws bad-input for what is no name. */
export const kubePrefix = (place: KubePlace, requestMs = 10_000): readonly string[] => {
  const { context, namespace } = place;
  const fits = context !== '' && !context.startsWith('-') && hiddenCharacter(context) === null;
  checked(context, fits, 'name of a context');
  checked(namespace, label63.test(namespace), 'name of a namespace');
  return ['kubectl', '--context', context, '--namespace', namespace, `--request-timeout=${seconds(requestMs)}`];
};

const changes = (action: Effect): readonly string[] => {
  switch (action.do) {
    case 'scale': {
      const name = objectName(action.deployment, 'Deployment');
      // With the size it has now as a condition, the server refuses where somebody else changed it in between.
      return ['scale', `deployment/${name}`, `--replicas=${action.replicas}`, `--current-replicas=${action.from}`];
    }
    case 'undo':
      return [
        'rollout',
        'undo',
        `deployment/${objectName(action.deployment, 'Deployment')}`,
        `--to-revision=${action.revision}`,
      ];
    case 'selector': {
      const pairs = Object.entries(action.labels).map(
        ([key, value]) =>
          `${checked(key, labelKey.test(key), 'key of a label')}=${checked(value, labelValue.test(value), 'value of a label')}`,
      );
      if (pairs.length === 0)
        throw new WarRoomError('bad-input', 'A selector without labels would choose nothing on purpose.');
      return ['set', 'selector', `service/${objectName(action.service, 'Service')}`, pairs.join(',')];
    }
  }
};

/** The exact arguments of one act. `limitMs` is the step's own time limit. */
export const kubeArguments = (place: KubePlace, action: KubeAction, limitMs: number): readonly string[] =>
  action.do === 'status'
    ? [
        ...kubePrefix(place, limitMs + 5_000),
        'rollout',
        'status',
        `deployment/${objectName(action.deployment, 'Deployment')}`,
        `--timeout=${seconds(limitMs)}`,
      ]
    : [...kubePrefix(place), ...changes(action)];

/** The same change asked of the server without doing it. */
export const kubeDryRun = (place: KubePlace, action: Effect): readonly string[] => [
  ...kubePrefix(place),
  ...changes(action),
  '--dry-run=server',
];

/** One read of the objects a plan is about, as JSON. */
export const kubeRead = (place: KubePlace, kinds: string): readonly string[] => [
  ...kubePrefix(place),
  'get',
  kinds,
  '--output=json',
];

/** The UID of kube-system: it names a cluster for its whole life, whatever contexts are called. */
export const kubeIdentity = (place: KubePlace): readonly string[] => [
  ...kubePrefix(place),
  'get',
  'namespace/kube-system',
  '--output=jsonpath={.metadata.uid}',
];

/** Whether these credentials may do something; kubectl answers yes or no and exits 0 or 1. */
export const kubeCanI = (place: KubePlace, verb: string, resource: string): readonly string[] => [
  ...kubePrefix(place),
  'auth',
  'can-i',
  verb,
  ...(resource.includes('/')
    ? [resource.slice(0, resource.indexOf('/')), `--subresource=${resource.slice(resource.indexOf('/') + 1)}`]
    : [resource]),
];

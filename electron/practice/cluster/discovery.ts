import type { Answer } from './answers.ts';
import { apiVersionOf, resources, type Resource } from './objects.ts';

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

const entry = ({ plural, singular, kind, namespaced, short }: Resource) => ({
  name: plural,
  singularName: singular,
  namespaced,
  kind,
  verbs,
  shortNames: short,
  ...(plural === 'deployments' || plural === 'pods' ? { categories: ['all'] } : {}),
});

const subresources = ({ plural, namespaced, kind }: Resource) => {
  if (plural === 'deployments' || plural === 'replicasets')
    return [
      {
        name: `${plural}/scale`,
        singularName: '',
        namespaced,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: ['get', 'patch', 'update'],
      },
    ];
  return plural === 'pods' ? [{ name: 'pods/log', singularName: '', namespaced, kind, verbs: ['get'] }] : [];
};

const reviews = {
  name: 'selfsubjectaccessreviews',
  singularName: 'selfsubjectaccessreview',
  namespaced: false,
  kind: 'SelfSubjectAccessReview',
  verbs: ['create'],
};

const groupVersions: readonly string[] = [...new Set([...resources.map(apiVersionOf), 'authorization.k8s.io/v1'])];

const listOf = (groupVersion: string) => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion,
  resources:
    groupVersion === 'authorization.k8s.io/v1'
      ? [reviews]
      : resources.flatMap((one) => (apiVersionOf(one) === groupVersion ? [entry(one), ...subresources(one)] : [])),
});

const groups = {
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupVersions
    .filter((one) => one.includes('/'))
    .map((groupVersion) => {
      const [name, version] = groupVersion.split('/');
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    }),
};

const versionOf = (minor: number) => ({
  major: '1',
  minor: String(minor),
  gitVersion: `v1.${minor}.0+practice`,
  gitCommit: '0'.repeat(40),
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'go1.24',
  compiler: 'gc',
  platform: 'linux/amd64',
});

/** What the API says about itself, or null where the path asks for objects. */
export const describeApi = (path: string, minor: number): Answer | null => {
  const ok = (body: unknown): Answer => ({ status: 200, body });
  if (path === '/version') return ok(versionOf(minor));
  if (/^\/(healthz|readyz|livez)$/.test(path)) return ok('ok');
  if (path === '/api') return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  if (path === '/apis') return ok(groups);
  const groupVersion = path === '/api/v1' ? 'v1' : /^\/apis\/([^/]+\/[^/]+)$/.exec(path)?.[1];
  return groupVersion !== undefined && groupVersions.includes(groupVersion) ? ok(listOf(groupVersion)) : null;
};

import type { Target } from '../../shared/target/schema.ts';
import { noticeKinds } from './index.ts';
import type { NoticeKind } from './notice.ts';

/** A fault at a place in a target, named by its path of keys and indexes. */
type Fault = { readonly path: readonly (string | number)[]; readonly message: string };

const kinds: ReadonlyMap<string, NoticeKind> = new Map(noticeKinds.map((kind) => [kind.kind, kind]));

/** A reference to a secret, or something of the practice service, which has none. */
const reference = /^(?:secret:[\w.\-]+|.*\$\{practice\..+)$/v;

const channelFaults = (channel: Target['notices'][number], at: number): readonly Fault[] => {
  const kind = kinds.get(channel.kind);
  if (kind === undefined)
    return [
      {
        path: ['notices', at, 'kind'],
        message: `there is no kind of channel "${channel.kind}"; there are ${[...kinds.keys()].join(', ')}`,
      },
    ];
  const shown = kind.secrets
    .filter((name) => typeof channel.with[name] === 'string' && !reference.test(channel.with[name]))
    .map((name) => ({
      path: ['notices', at, 'with', name],
      message: `a secret never stands in this file: write "secret:NAME", and set its value on this machine`,
    }));
  const parsed = kind.params.safeParse(channel.with);
  const issues = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => (issue.code === 'invalid_union' ? (issue.errors[0] ?? []) : [issue]));
  return [
    ...shown,
    ...issues.map((issue) => ({
      path: ['notices', at, 'with', ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))],
      message: issue.code === 'unrecognized_keys' ? `${channel.kind} knows no ${issue.keys.join(', ')}` : issue.message,
    })),
  ];
};

/** What the schema of a target can't see of its channels: what each kind wants, secrets by reference only, labels once. */
export const checkChannels = (target: Target): readonly Fault[] =>
  target.notices.flatMap((channel, at) => [
    ...channelFaults(channel, at),
    ...(target.notices.findIndex(({ label }) => label === channel.label) < at
      ? [{ path: ['notices', at, 'label'], message: `another channel is called "${channel.label}" already` }]
      : []),
  ]);

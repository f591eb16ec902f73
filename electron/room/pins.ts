import { z } from 'zod';
import { WarRoomError } from '../../shared/errors.ts';
import type { EventBody } from '../../shared/events.ts';
import type { Target } from '../../shared/target/schema.ts';
import { askKube, jsonIn, noAnswer, readCluster } from '../rollback/cluster.ts';
import { kubeOf } from '../rollback/preflight.ts';
import type { Sources } from '../target/resolve.ts';
import type { Pin } from '../verdict/baseline.ts';

const deadlineMs = 8_000;

const podList = z.object({
  items: z.array(
    z.object({
      status: z
        .object({
          containerStatuses: z.array(z.object({ image: z.string(), imageID: z.string().default('') })).default([]),
        })
        .default({ containerStatuses: [] }),
    }),
  ),
});

/** Image → its digest, as the pods that run it say. */
const digestsIn = (answer: unknown): ReadonlyMap<string, string> => {
  const pods = podList.safeParse(answer);
  return new Map(
    (pods.data?.items ?? [])
      .flatMap(({ status }) => status.containerStatuses)
      .flatMap(({ image, imageID }) => {
        const digest = /sha256:[0-9a-f]{64}/u.exec(imageID)?.[0];
        return digest === undefined ? [] : [[image, digest] as const];
      }),
  );
};

type Revision = EventBody<'cluster-pinned'>['revisions'][number];

type Sight = {
  readonly target: Target;
  readonly sources: Sources;
  /** The newest words of a probe. */
  readonly facts: (probe: string) => Readonly<Record<string, string>> | null;
  /** What ran before, where the cluster runs the new version already; null: what runs now. */
  readonly pinned: readonly Revision[] | null;
};

const clusterPins = async ({ target, sources, pinned }: Sight): Promise<readonly Pin[]> => {
  const kube = await kubeOf(target, (name) => {
    const found = sources.variable(name);
    if ('absent' in found) throw new WarRoomError('unavailable', found.absent);
    return found.value;
  });
  if (kube === null) return [];
  const signal = AbortSignal.timeout(deadlineMs);
  const { context, namespace } = kube.place;
  const argv = ['kubectl', '--context', context, '--namespace', namespace, 'get', 'pods', '--output=json'];
  const [view, pods] = await Promise.all([readCluster(kube, signal), askKube(kube, argv, signal)]);
  if (pods.code !== 0) throw new WarRoomError('unavailable', noAnswer(pods));
  const digests = digestsIn(jsonIn(pods.out));
  const revisions =
    pinned ?? view.deployments.map(({ name, image, revision }) => ({ deployment: name, image, revision }));
  return revisions.flatMap(({ deployment, image, revision }) => [
    { label: `Image of ${deployment}`, value: [image, digests.get(image)].filter(Boolean).join('@') },
    ...(revision === null ? [] : [{ label: `Revision of ${deployment} to go back to`, value: String(revision) }]),
  ]);
};

/** What runs now, to be written down with a baseline. What can't be read is named, and stops nothing. */
export const readPins = async (sight: Sight) => {
  const { target, facts } = sight;
  const told = Object.entries(target.pins).map(([label, { probe, value }]) => [label, facts(probe)?.[value]] as const);
  const pins = told.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
  const missing = told.flatMap(([label, value]) =>
    value === undefined ? [`${label}: its probe has not told it`] : [],
  );
  try {
    return { pins: [...(await clusterPins(sight)), ...pins], missing };
  } catch (cause) {
    if (!(cause instanceof WarRoomError)) throw cause;
    return { pins, missing: [...missing, `Images and revisions: ${cause.message}`] };
  }
};

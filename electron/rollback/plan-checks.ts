import type { EventBody } from '../../shared/events.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { BundledPlan, KubernetesTarget } from '../../shared/rollback/config.ts';
import { readyBehind } from '../../shared/rollback/guard.ts';
import type { ClusterView, DeploymentView } from '../../shared/rollback/guard.ts';
import { imageVersion } from '../../shared/rollback/image.ts';
import type { StepSpec } from '../../shared/rollback/plan.ts';
import { oneDeployment, twoDeployments } from '../../shared/rollback/plans.ts';
import { bad, doubtful, good } from './checks.ts';
import type { Checks, Found } from './checks.ts';

type Pinned = Pick<EventBody<'cluster-pinned'>, 'revisions'> | null;

/** What a bundled plan becomes in this cluster, and the versions that it goes from and back to. */
type Shaped = { readonly specs: readonly StepSpec[]; readonly from: string; readonly to: string };

const deploymentIn = (view: ClusterView, name: string): DeploymentView => {
  const found = view.deployments.find((one) => one.name === name);
  if (found === undefined) throw new WarRoomError('not-found', `There is no Deployment "${name}" in this namespace.`);
  return found;
};

/** As far as can be told without pulling it: an image that ran here, or was pinned here, is most likely still to be had. */
const pulls = (view: ClusterView, deployment: string, image: string, pinned: Pinned): Found => {
  const stuck = view.pods.filter((pod) => pod.deployment === deployment && /ImagePull|ErrImage/u.test(pod.state));
  if (stuck.length > 0) return bad(`${stuck[0]?.name}: ${stuck[0]?.state}. Its image can't be pulled.`);
  const ran =
    view.pods.some((pod) => pod.deployment === deployment && pod.ready) ||
    pinned?.revisions.some((one) => one.image === image) === true;
  return ran
    ? good(`${image} has run here`)
    : doubtful(`Nobody saw ${image} run in this cluster; it may not be pullable.`);
};

const settled = (deployment: DeploymentView): Found => {
  if (deployment.owner !== null)
    return doubtful(`${deployment.owner} owns ${deployment.name} and may undo this; stop its synchronisation first.`);
  return good('Nothing else owns it');
};

const lookAtTwo = async (
  checks: Checks,
  plan: Extract<BundledPlan, { readonly name: 'two-deployments' }>,
  config: KubernetesTarget,
  view: ClusterView,
  pinned: Pinned,
): Promise<Shaped | null> => {
  const both = await checks.look('deployments', `${plan.current} and ${plan.previous} exist`, async () => {
    const [current, previous] = [deploymentIn(view, plan.current), deploymentIn(view, plan.previous)];
    return [good(`${current.image}, ${previous.image}`), { current, previous }];
  });
  if (both === null) return null;
  const { current, previous } = both;
  const one = async (found: Found): Promise<readonly [Found, true]> => [found, true];
  await checks.look('different', 'The previous one is another version', () =>
    one(
      current.image === previous.image
        ? bad(`Both run ${current.image}: going from one to the other changes nothing.`)
        : good(`${imageVersion(current.image)} → ${imageVersion(previous.image)}`),
    ),
  );
  await checks.look('images', 'The previous image can be pulled, as far as known', () =>
    one(pulls(view, plan.previous, previous.image, pinned)),
  );
  await checks.look('selector', `Selector of ${config.service} would choose the previous pods`, () => {
    const made = view.revisions.filter(({ deployment }) => deployment === plan.previous);
    const newest = made.toSorted((a, b) => b.revision - a.revision)[0]?.labels ?? {};
    const wrong = Object.entries(plan.labels).filter(([key, value]) => newest[key] !== value);
    return one(
      wrong.length === 0
        ? good(
            Object.entries(plan.labels)
              .map((pair) => pair.join('='))
              .join(','),
          )
        : bad(`The pods of ${plan.previous} do not carry ${wrong.map((pair) => pair.join('=')).join(', ')}.`),
    );
  });
  await checks.look('paused', 'Neither is paused', () =>
    one(previous.paused ? bad(`${plan.previous} is paused: its new pods would not roll out.`) : good('no')),
  );
  await checks.look('owner', 'No GitOps tool would undo it', () =>
    one(settled(current.owner === null ? previous : current)),
  );
  // As many as serve now, not as many as a document says: the load decides, and it was measured today.
  const ready = readyBehind(view, config.service).filter(({ deployment }) => deployment === plan.current).length;
  const facts = { ready, currentReplicas: current.replicas, previousReplicas: previous.replicas };
  return {
    specs: twoDeployments(plan, config.service, facts),
    from: imageVersion(current.image),
    to: imageVersion(previous.image),
  };
};

const lookAtOne = async (
  checks: Checks,
  plan: Extract<BundledPlan, { readonly name: 'one-deployment' }>,
  view: ClusterView,
  pinned: Pinned,
): Promise<Shaped | null> => {
  const deployment = await checks.look('deployments', `${plan.deployment} exists`, async () => {
    const found = deploymentIn(view, plan.deployment);
    return [good(found.image), found];
  });
  if (deployment === null) return null;
  const one = async (found: Found): Promise<readonly [Found, true]> => [found, true];
  const back = await checks.look('revision', 'The revision pinned at the baseline is still there', async () => {
    const pin = pinned?.revisions.find((candidate) => candidate.deployment === plan.deployment);
    if (pin === undefined) throw new WarRoomError('unavailable', 'No revision was pinned before the deployment.');
    const there = view.revisions.find((one) => one.deployment === plan.deployment && one.revision === pin.revision);
    if (there === undefined || there.image !== pin.image)
      throw new WarRoomError('unavailable', `Revision ${pin.revision} (${pin.image}) is gone from the history.`);
    if (deployment.revision === pin.revision)
      throw new WarRoomError('conflict', `Revision ${pin.revision} is what runs now: going back to it does nothing.`);
    return [good(`revision ${pin.revision}, ${pin.image}`), pin];
  });
  await checks.look('paused', 'It is not paused', () =>
    one(deployment.paused ? bad('It is paused: an undo is refused until it is resumed.') : good('no')),
  );
  await checks.look('owner', 'No GitOps tool would undo it', () => one(settled(deployment)));
  if (back === null) return null;
  return {
    specs: oneDeployment(plan, { revision: back.revision, ready: deployment.ready }),
    from: imageVersion(deployment.image),
    to: imageVersion(back.image),
  };
};

/** Looks whether a bundled plan can work here and turns it into steps with the numbers of now; null where it can't. */
export const shapeBundled = (
  checks: Checks,
  plan: BundledPlan,
  config: KubernetesTarget,
  view: ClusterView,
  pinned: Pinned,
): Promise<Shaped | null> =>
  plan.name === 'two-deployments'
    ? lookAtTwo(checks, plan, config, view, pinned)
    : lookAtOne(checks, plan, view, pinned);

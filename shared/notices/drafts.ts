import type { EventBody, RecordedEvent } from '../events.ts';
import { lastGoneBack } from '../projections/rollback.ts';
import type { Rollback, RollbackRoom } from '../projections/rollback.ts';
import { actorName } from '../projections/timeline.ts';
import { ofAlarms } from './alarm-drafts.ts';
import { ofIncidents } from './incident-drafts.ts';
import { outsideRollback } from '../rollback/plan.ts';
import { practiceMark } from './model.ts';
import type { Maintenance, Message, Said } from './model.ts';
import { ofPeople } from './people-drafts.ts';
import { deployed, service } from './run.ts';
import type { NoticeRun } from './run.ts';

const clockTime = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** For everybody: no names, no reasons, no versions. */
const announced = (event: RecordedEvent, run: NoticeRun, status: Maintenance, text: string): Said => ({
  occasion: 'maintenance',
  audience: 'public',
  subject: 'maintenance',
  title: `Maintenance of ${service(run)}`,
  text,
  maintenance: { status, from: run.head.t0?.at ?? run.head.started?.plannedT0 ?? event.at },
});

const goingLive = (event: RecordedEvent, run: NoticeRun, text: string): readonly Said[] => [
  { occasion: 't0', verb: 'change', title: `${deployed(run)} is going live`, text },
  announced(event, run, 'in_progress', `The update of ${service(run)} is under way.`),
];

/** The deployments by War Room of which a step was started. */
const begunDeploys = ({ rollbacks }: RollbackRoom): readonly Rollback[] =>
  rollbacks.filter(
    ({ proposed, steps }) => proposed.purpose === 'deploy' && steps.some(({ attempts }) => attempts > 0),
  );

/** The first start of its first step is when a deployment begins. A T-0 that people set before told of it already. */
const beganToDeploy = (event: RecordedEvent & { readonly type: 'step-started' }, run: NoticeRun): readonly Said[] => {
  const begun = begunDeploys(run.rollbacks);
  const own = begun.find(({ id }) => id === event.body.rollback);
  const starts = own?.steps.reduce((sum, { attempts }) => sum + attempts, 0) ?? 0;
  if (own === undefined || starts !== 1) return [];
  const isTold = run.head.t0 !== null && begun.length === 1 && lastGoneBack(run.rollbacks) === null;
  const { confirmed, preflight } = own;
  const by = confirmed === null ? '' : `, confirmed by ${actorName(confirmed.by)}`;
  const text = `War Room deploys ${preflight?.to ?? own.proposed.to}${by}.`;
  return isTold ? [] : goingLive(event, run, text);
};

const ofRun = (event: RecordedEvent, run: NoticeRun): readonly Said[] => {
  switch (event.type) {
    case 'run-started': {
      const { plannedT0, title, service: what, release: version } = event.body;
      const when = plannedT0 === null ? 'T-0 is not planned yet' : `T-0 is planned for ${clockTime(plannedT0)}`;
      return [
        {
          occasion: 'run-started',
          title: `Deployment of ${what} ${version} begins`,
          text: `${title}: ${when}. Started by ${actorName(event.by)}.`,
        },
        announced(event, run, 'scheduled', `We are going to update ${what}. Short interruptions are possible.`),
      ];
    }
    case 't0-set': {
      const text = `T-0 is ${clockTime(event.body.t0)}: ${event.body.sentence}.`;
      // A deployment that War Room carries out was told when it began.
      return begunDeploys(run.rollbacks).length > 0
        ? [{ occasion: 't0', title: `T-0 of ${deployed(run)} is set`, text }]
        : goingLive(event, run, text);
    }
    case 'step-started':
      return beganToDeploy(event, run);
    case 't0-corrected':
      return [
        {
          occasion: 't0',
          title: `T-0 of ${deployed(run)} was corrected`,
          text: `T-0 is ${clockTime(event.body.t0)}. ${actorName(event.by)}: ${event.body.reason}`,
        },
      ];
    case 'run-closed': {
      const { outcome, open, deferred, overrides, reason } = event.body;
      const left = [`${open} open`, `${deferred} deferred`, `${overrides} overridden`].join(', ');
      return [
        {
          occasion: 'run-closed',
          tone: outcome === 'complete' ? 'good' : 'warning',
          title: `${deployed(run)}: ${outcome.replaceAll('-', ' ')}`,
          text: `Closed by ${actorName(event.by)}: ${left}.${reason === null ? '' : ` ${reason}`}`,
        },
        announced(event, run, 'completed', `The maintenance of ${service(run)} is over.`),
      ];
    }
    default:
      return [];
  }
};

const words = { go: 'GO', keep: 'KEEP', rollback: 'ROLL BACK', extend: 'EXTENDED' } as const;

const decided = (event: RecordedEvent & { readonly type: 'gate-decided' }, run: NoticeRun): Said => {
  const { title, decision, reason, gate } = event.body;
  const back = decision === 'rollback';
  return {
    occasion: back ? 'no-go' : 'gate',
    tone: back ? 'critical' : decision === 'extend' ? 'warning' : 'good',
    subject: `gate/${gate}`,
    title: `${words[decision]} at ${title}: ${deployed(run)}`,
    text: `Decided by ${actorName(event.by)}.${reason === null ? '' : ` ${reason}`}`,
  };
};

const ofGates = (event: RecordedEvent, run: NoticeRun): readonly Said[] => {
  switch (event.type) {
    case 'gate-decided':
      return [decided(event, run)];
    case 'gate-voted':
      return event.body.go
        ? []
        : [
            {
              occasion: 'no-go',
              tone: 'critical',
              subject: `gate/${event.body.gate}`,
              title: `NO-GO at ${event.body.title}: ${deployed(run)}`,
              text: `${event.body.role} (${actorName(event.by)}) says no-go${event.body.reason === null ? '.' : `: ${event.body.reason}`}`,
            },
          ];
    case 'gate-bypassed':
      return [
        {
          occasion: 'gate',
          tone: 'warning',
          subject: `gate/${event.body.gate}`,
          title: `Gate ${event.body.title} was BYPASSED: ${deployed(run)}`,
          text: `By ${event.body.first} and ${actorName(event.by)}: ${event.body.reason}`,
        },
      ];
    default:
      return [];
  }
};

const rollbackOf = ({ rollbacks }: NoticeRun, id: string): Rollback | null =>
  rollbacks.rollbacks.find((one) => one.id === id) ?? null;

const proposed = (
  event: RecordedEvent & { readonly type: 'rollback-proposed' },
  lead: string,
  run: NoticeRun,
): Said => {
  const { rollback, purpose, from, to, reason } = event.body;
  const common = { to: lead, subject: `rollback/${rollback}` };
  return purpose === 'deploy'
    ? {
        ...common,
        occasion: 'deploy',
        title: `${actorName(event.by)} proposes to deploy ${deployed(run)}`,
        text: reason,
      }
    : {
        ...common,
        occasion: 'rollback-proposed',
        verb: 'raise',
        tone: 'critical',
        title: `ROLLBACK PROPOSED: ${service(run)}, ${from} → ${to}`,
        text: `${actorName(event.by)}: ${reason}`,
      };
};

const recovered = ({ rollback, back, sentence }: EventBody<'rollback-recovered'>, run: NoticeRun): Said => ({
  occasion: 'recovered',
  verb: back ? 'resolve' : 'raise',
  tone: back ? 'good' : 'critical',
  subject: `rollback/${rollback}`,
  title: back ? `${service(run)} has recovered` : `${service(run)} has NOT recovered after the rollback`,
  text: sentence,
});

const verifying = (event: RecordedEvent, run: NoticeRun): Said =>
  announced(event, run, 'verifying', `${service(run)} runs on its earlier version; we are verifying it.`);

/** How a rollback, or a deployment by the same executor, ended or stands still. */
const ended = (event: RecordedEvent, run: NoticeRun): readonly Said[] => {
  if (event.type !== 'rollback-finished' && event.type !== 'rollback-aborted' && event.type !== 'rollback-held')
    return [];
  const rollback = rollbackOf(run, event.body.rollback);
  const deploy = rollback?.proposed.purpose === 'deploy';
  const what = `${deploy ? 'Deployment' : 'Rollback'} of ${service(run)}`;
  const how = { 'rollback-finished': 'finished', 'rollback-aborted': 'ABORTED', 'rollback-held': 'HELD' }[event.type];
  const said: Said = {
    occasion: deploy ? 'deploy' : 'rollback-ended',
    tone: event.type === 'rollback-finished' ? 'info' : 'warning',
    subject: `rollback/${event.body.rollback}`,
    title: `${what} ${how}`,
    text: event.type === 'rollback-aborted' ? `${actorName(event.by)}: ${event.body.reason}` : event.body.sentence,
  };
  if (deploy || event.type !== 'rollback-finished') return [said];
  return [said, verifying(event, run)];
};

const ofRollbacks = (event: RecordedEvent, run: NoticeRun, lead: string): readonly Said[] => {
  switch (event.type) {
    case 'rollback-proposed':
      return [proposed(event, lead, run)];
    case 'rollback-authorised':
      return event.body.how === 'break-glass'
        ? [
            {
              occasion: 'break-glass',
              verb: 'raise',
              tone: 'critical',
              to: lead,
              subject: `rollback/${event.body.rollback}`,
              title: `BREAK-GLASS: ${actorName(event.by)} authorised without the ${lead}: ${service(run)}`,
              text: event.body.reason ?? '',
            },
          ]
        : [];
    case 'rollback-confirmed':
      return event.body.purpose === 'rollback'
        ? [
            {
              occasion: 'rollback-proposed',
              verb: 'acknowledge',
              tone: 'critical',
              subject: `rollback/${event.body.rollback}`,
              title: `Rollback of ${service(run)} is running`,
              text: `Confirmed by ${actorName(event.by)}.`,
            },
          ]
        : [];
    case 'rollback-reported':
      return [
        {
          occasion: 'rollback-ended',
          tone: 'warning',
          subject: `rollback/${outsideRollback}`,
          title: `${service(run)} was rolled back outside of War Room`,
          text: `At ${clockTime(event.body.at)} by ${event.body.who}. ${actorName(event.by)}: ${event.body.reason}`,
        },
        verifying(event, run),
      ];
    case 'rollback-recovered':
      return [recovered(event.body, run)];
    case 'notice-wanted':
      return [{ occasion: 'message', to: event.body.to, title: event.body.text, text: '' }];
    default:
      return ended(event, run);
  }
};

/** Where and when, and the head of the audit chain, so that it stands outside of this machine too. */
const factsOf = (event: RecordedEvent, run: NoticeRun): readonly string[] => [
  `${deployed(run)} · ${run.head.started?.environment ?? ''} · ${clockTime(event.at)}`,
  `Run ${event.runId} · audit head ${event.seq}:${event.hash}`,
];

const complete = (said: Said, event: RecordedEvent, run: NoticeRun): Message => {
  const practice = run.head.started?.practice === true;
  const rehearsal = practice ? 'This is a rehearsal: nothing real is meant. ' : '';
  const open = said.audience === 'public';
  const to = said.to ?? null;
  return {
    verb: 'inform',
    audience: 'team',
    tone: 'info',
    subject: 'run',
    maintenance: null,
    ...said,
    to,
    title: `${practice ? practiceMark : ''}${said.title}`,
    text: `${rehearsal}${to === null ? '' : `For the ${to}. `}${said.text}`.trim(),
    facts: open ? [] : factsOf(event, run),
    at: event.at,
    practice,
  };
};

/**
 * What people expect to hear of an event; `run` is the run after it. Pure: asked again, it gives the same. `lead` is
 * what the role that authorises a rollback is called.
 */
export const draftsOf = (event: RecordedEvent, run: NoticeRun, lead: string): readonly Message[] =>
  [
    ...ofRun(event, run),
    ...ofGates(event, run),
    ...ofRollbacks(event, run, lead),
    ...ofAlarms(event, run),
    ...ofIncidents(event, run),
    ...ofPeople(event, run),
  ].map((said) => complete(said, event, run));

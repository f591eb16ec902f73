import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import type { Actor, NewEvent } from '../../shared/events.ts';
import type { Health } from '../../shared/health.ts';
import { openRollback } from '../../shared/projections/rollback.ts';
import type { Rollback } from '../../shared/projections/rollback.ts';
import { armingRefusal, authorityLabel, mayAuthorise } from '../../shared/rollback/authority.ts';
import type { WrittenStep } from '../../shared/rollback/document.ts';
import type { Answers, proposalSources } from '../../shared/rollback/events.ts';
import { confirmTimes, typedName } from '../../shared/rollback/plan.ts';
import type { Purpose } from '../../shared/rollback/plan.ts';
import type { Variable } from '../../shared/rollback/text.ts';
import type { Target } from '../../shared/target/schema.ts';
import { createArming } from './arming.ts';
import type { Found } from './checks.ts';
import { preflight, requirePlan } from './preflight.ts';
import type { Executor } from './executor.ts';
import type { Ground } from './work.ts';

/** The run that a desk belongs to, as it stands now. */
export type DeskRun = {
  readonly target: Target;
  readonly written: readonly WrittenStep[];
  readonly release: () => string;
  /** Whether people said go for the deployment phase. */
  readonly gate: () => Found;
  readonly variable: Variable;
  readonly allHealth: () => readonly Health[];
};

/** Somebody at the other end of a connection. */
export type Caller = { readonly id: string; readonly by: Extract<Actor, { readonly kind: 'person' }> };

export type Proposal = {
  readonly purpose: Purpose;
  readonly source: (typeof proposalSources)[number];
  readonly reason: string;
  readonly answers: Answers;
};

/**
 * Everything people decide before a plan runs. The rules hold here, in the main process: a window can only ask. Each
 * decision is one event; what a later one needs is read from what is on disk.
 */
export const createDesk = (ground: Ground, run: DeskRun, executor: Executor) => {
  const arming = createArming(ground.clock);
  const app: Actor = { kind: 'app' };
  let checking = false;
  let disarming: NodeJS.Timeout | undefined;

  const said = (by: Actor, ...events: readonly NewEvent[]): void => ground.append(by, events);
  const the = (id: string): Rollback =>
    ground.room().rollbacks.find((one) => one.id === id) ?? refuse('not-found', `This run has no rollback "${id}".`);
  const before = (id: string): Rollback => {
    const rollback = the(id);
    if (!['proposed', 'blocked', 'ready', 'armed'].includes(rollback.state))
      refuse('conflict', 'It was started or dropped already.');
    return rollback;
  };

  const disarm = (why: 'time' | 'person' | 'armed again' | 'checked again', by: Actor): void => {
    clearTimeout(disarming);
    const was = arming.disarm();
    if (was !== null) said(by, { type: 'rollback-disarmed', body: { rollback: was.rollback, key: was.key, why } });
  };

  const propose = ({ by }: Caller, proposal: Proposal): string => {
    requirePlan({ purpose: proposal.purpose, target: run.target, written: run.written });
    const open = openRollback(ground.room());
    if (open !== null) refuse('conflict', 'One is open already: finish it, or abort it with a reason.');
    const rollback = randomBytes(4).toString('hex');
    const release = run.release();
    const deploy = proposal.purpose === 'deploy';
    const [from, to] = deploy ? ['now', release] : [release, run.target.rollback?.to ?? 'the version before'];
    said(by, { type: 'rollback-proposed', body: { rollback, ...proposal, from, to } });
    return rollback;
  };

  const check = async (id: string): Promise<void> => {
    const { proposed } = before(id);
    if (checking) refuse('conflict', 'The preflight is running already.');
    disarm('checked again', app);
    checking = true;
    try {
      const found = await preflight({
        purpose: proposed.purpose,
        target: run.target,
        written: run.written,
        pinned: ground.room().pinned,
        answers: proposed.answers,
        release: run.release(),
        gate: run.gate(),
        variable: run.variable,
        health: run.allHealth(),
        folder: join(ground.folder, id, `evidence-${Date.now()}`),
      });
      // It may have been dropped while the preflight looked.
      before(id);
      said(app, { type: 'rollback-preflighted', body: { rollback: id, ...found } });
    } finally {
      checking = false;
    }
  };

  /** By the lead in person, or by a code that only the lead can make. It holds for this rollback, over a new preflight. */
  const authorise = ({ by }: Caller, id: string, code: string | null): void => {
    if (before(id).authorised !== null) refuse('conflict', 'It is authorised already.');
    const label = authorityLabel(run.target);
    if (code === null && !mayAuthorise(run.target, by))
      refuse('not-allowed', `Only the ${label} authorises this: with a code from their own screen, or break glass.`);
    const lead = code === null ? by.name : arming.redeem(id, code);
    said(by, {
      type: 'rollback-authorised',
      body: { rollback: id, how: code === null ? 'in-person' : 'code', lead, reason: null },
    });
  };

  /** Open to everybody who may operate, within seconds: an outage must not wait for a name. That is why it is so loud. */
  const breakGlass = ({ by }: Caller, id: string, reason: string): void => {
    if (before(id).authorised !== null) refuse('conflict', 'It is authorised already.');
    said(by, { type: 'rollback-authorised', body: { rollback: id, how: 'break-glass', lead: null, reason } });
  };

  const issueCode = ({ by }: Caller, id: string): { readonly code: string; readonly lastsMs: number } => {
    before(id);
    if (!mayAuthorise(run.target, by)) refuse('not-allowed', `Only the ${authorityLabel(run.target)} makes a code.`);
    return arming.issue(id, by.name);
  };

  /** Checks again all that was checked before: between the preflight and this moment hours may have passed. */
  const arm = (caller: Caller, id: string, plan: string, typed: string) => {
    const rollback = before(id);
    const why = armingRefusal(ground.room(), rollback);
    if (why !== null) refuse('conflict', why);
    if (rollback.preflight?.plan !== plan) refuse('conflict', 'The plan changed: read it again before you arm it.');
    const expected = typedName(rollback.preflight?.place ?? { service: '', cluster: '' });
    if (typed !== expected) refuse('bad-input', `Type ${expected}, letter by letter.`);
    disarm('armed again', caller.by);
    const { secret, key } = arming.arm(id, plan, caller.id, typed);
    const expiresAt = Math.round(ground.clock.now() + confirmTimes.armedMs);
    said(caller.by, { type: 'rollback-armed', body: { rollback: id, key, plan, expiresAt } });
    disarming = setTimeout(() => disarm('time', app), confirmTimes.armedMs);
    disarming.unref();
    return { key: secret, expiresAt };
  };

  /**
   * The only way into a running plan. The key is good once; behind it the log itself refuses a
   * second confirmation of the same rollback, so that no race of windows ends in two starts.
   */
  const confirm = ({ id: caller, by }: Caller, id: string, secret: string): void => {
    const rollback = the(id);
    if (rollback.state !== 'armed') refuse('conflict', 'This is not armed any more. Arm it again.');
    const { key, typed } = arming.spend(id, rollback.preflight?.plan ?? '', caller, secret);
    clearTimeout(disarming);
    said(by, { type: 'rollback-confirmed', body: { rollback: id, purpose: rollback.proposed.purpose, key, typed } });
    executor.go();
  };

  return {
    propose,
    check,
    authorise,
    breakGlass,
    issueCode,
    arm,
    confirm,
    disarm: ({ by }: Caller, id: string): void => {
      the(id);
      disarm('person', by);
    },
    drop: ({ by }: Caller, id: string, reason: string): void => {
      before(id);
      disarm('person', by);
      said(by, { type: 'rollback-aborted', body: { rollback: id, reason } });
    },
    /** After a restart nothing is armed. */
    resume: (): void => {
      const open = openRollback(ground.room());
      const key = open?.armed?.key;
      if (open !== null && key !== undefined)
        said(app, { type: 'rollback-disarmed', body: { rollback: open.id, key, why: 'time' } });
    },
    close: (): void => clearTimeout(disarming),
  };
};

export type Desk = ReturnType<typeof createDesk>;

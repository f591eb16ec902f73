import { eventIterator, type } from '@orpc/contract';
import { z } from 'zod';
import { operate, reason, runId, watch } from '../calls.ts';
import type { WrittenStep } from './document.ts';
import { answersSchema, proposalSources } from './events.ts';
import { purposes } from './plan.ts';

/** What windows ask for about rollbacks and deployments; a part of the contract. */

/** What a run's target and document say about going back. */
export type RollbackPlan = {
  /** The document's own steps, with what is wrong beside each. */
  readonly written: readonly WrittenStep[];
  readonly hasRollback: boolean;
  readonly hasDeploy: boolean;
  /** What the role that authorises is called, and whether the asker holds it. */
  readonly authority: string;
  readonly mayAuthorise: boolean;
  /** Who hears of it, and whether that takes a click: a sentence for each occasion. */
  readonly hears: Readonly<Record<'rollback-proposed' | 'break-glass' | 'deploy', string>>;
};

/** A piece of what a step said. `from` and `size` are bytes; a gap before `from` means that the middle was left out. */
export type StepOutput = {
  readonly attempt: number;
  readonly from: number;
  readonly size: number;
  readonly text: string;
};

export type PodNow = {
  readonly name: string;
  readonly deployment: string;
  /** Its ReplicaSet: pods of one set are alike. Empty for a pod that stands alone. */
  readonly set: string;
  /** What its set runs; empty where that is not known. */
  readonly version: string;
  readonly ready: boolean;
  readonly state: string;
  /** Gets the Service's traffic. */
  readonly behind: boolean;
};
export type ClusterNow = { readonly at: number; readonly pods: readonly PodNow[]; readonly sentence: string };

const ofRun = z.object({ runId });
const ofRollback = z.object({ runId, rollback: z.string().max(40) });
const ofStep = ofRollback.extend({ step: z.string().max(8) });
const plan = z.string().length(64);

export const rollbackContract = {
  plan: watch.input(ofRun).output(type<RollbackPlan>()),
  propose: operate
    .input(ofRun.extend({ purpose: z.enum(purposes), source: z.enum(proposalSources), reason, answers: answersSchema }))
    .output(type<{ readonly rollback: string }>()),
  /** The preflight; takes up to 10 s. */
  check: operate.input(ofRollback).output(type<void>()),
  /** By the one who holds the authority, or by anybody with a code of theirs. */
  authorise: operate.input(ofRollback.extend({ code: z.string().max(20).nullable() })).output(type<void>()),
  breakGlass: operate.input(ofRollback.extend({ reason })).output(type<void>()),
  /** A code to read out, for the one who holds the authority. */
  code: operate.input(ofRollback).output(type<{ readonly code: string; readonly lastsMs: number }>()),
  arm: operate
    .input(ofRollback.extend({ plan, typed: z.string().max(700) }))
    .output(type<{ readonly key: string; readonly expiresAt: number }>()),
  disarm: operate.input(ofRollback).output(type<void>()),
  confirm: operate.input(ofRollback.extend({ key: z.string().max(100) })).output(type<void>()),
  hold: operate.input(ofRollback).output(type<void>()),
  continue: operate.input(ofRollback).output(type<void>()),
  abort: operate.input(ofRollback.extend({ reason })).output(type<void>()),
  mark: operate.input(ofStep.extend({ as: z.enum(['done', 'not-done', 'repeat']), reason })).output(type<void>()),
  answer: operate.input(ofStep.extend({ value: z.string().trim().min(1).max(2_000) })).output(type<void>()),
  override: operate.input(ofStep.extend({ reason })).output(type<void>()),
  /** It was done without War Room. `at` is UTC epoch ms; null is now. Said again, it corrects. */
  report: operate
    .input(
      ofRun.extend({
        at: z.number().int().nullable(),
        who: z.string().trim().min(1, 'say who did it').max(200),
        reason,
      }),
    )
    .output(type<void>()),
  /** Trusts the cluster that answers now, where none was pinned before the deployment. */
  pin: operate.input(ofRun).output(type<void>()),
  unlock: operate.input(ofRun.extend({ reason })).output(type<void>()),
  /** What a step says, from its end so far on, until it ended. */
  output: watch.input(ofStep).output(eventIterator(type<StepOutput>())),
  /** The pods behind the Service, every other second while somebody looks. */
  pods: watch.input(ofRun).output(eventIterator(type<ClusterNow>())),
};

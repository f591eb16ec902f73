import { eventIterator, type } from '@orpc/contract';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { auditContract } from './audit/contract.ts';
import { alarmContract } from './alarms/contract.ts';
import { operate, reason, runId, sourceSchema, watch } from './calls.ts';
import type { Grant } from './calls.ts';
import { decisions } from './clock-events.ts';
import { commandContract } from './commands/contract.ts';
import type { ExportedRun, RunbookPreview, RunDocuments, TargetPreview, UnderstoodDocument } from './document-views.ts';
import { detailSchema, detailsContract } from './details/contract.ts';
import { escalationContract } from './escalation/contract.ts';
import type { RecordedEvent, RunId } from './events.ts';
import type { Health } from './health.ts';
import { historyContract } from './history/contract.ts';
import { incidentsContract } from './incidents/contract.ts';
import { noticesContract, type Received } from './notices/contract.ts';
import { moveContract, type Moved } from './move/contract.ts';
import { paperContract } from './paper/contract.ts';
import { probesContract } from './probes/contract.ts';
import { rollbackContract } from './rollback/contract.ts';
import type { FieldId, ItemId, Problem, Runbook } from './runbook/model.ts';
import type { RoundId } from './schedule/rounds.ts';
import { sheetContract } from './sheet/contract.ts';
import { signOffContract } from './sign-off/contract.ts';
import type { BoundItem, UnboundBinding } from './target/bind.ts';
import { secretsContract, shellContract } from './shell/contract.ts';
import type { Target } from './target/schema.ts';
import type { UnderWay } from './under-way.ts';
import { verdictContract } from './verdict/contract.ts';
import { screenContracts } from './lan/contract.ts';

/**
 * Everything a window may ask for. Each procedure names the grant it takes; the router refuses a caller without it at
 * one door, so that nothing here depends on a window behaving well. Outputs are our own values and pass unchecked;
 * every input is checked.
 */
const item = z
  .string()
  .min(1)
  .max(400)
  .transform((id) => id as ItemId);
const field = z
  .string()
  .min(1)
  .max(500)
  .transform((id) => id as FieldId);
const words = z.string().max(20_000);
const name = z.string().trim().max(200);
const ofItem = z.object({ runId, item });

export type Source = z.output<typeof sourceSchema>;

/** Who the other end of this connection is, and what this room is. */
export type Hello = {
  readonly version: string;
  readonly grant: Grant;
  readonly operator: { readonly name: string; readonly role: string | null };
  readonly via: 'desk' | 'served';
  /** Said where somebody else is here under the same name; null otherwise. */
  readonly namesake: string | null;
  /** The clock of the main process at the moment of the answer: windows show ages and countdowns against it. */
  readonly now: number;
  readonly platform: string;
};

export type RunSummary = {
  readonly id: RunId;
  readonly title: string;
  readonly service: string;
  readonly environment: Target['environment'];
  readonly release: string;
  readonly practice: boolean;
  readonly startedAt: number;
  readonly startedBy: string;
  readonly closedAt: number | null;
  readonly outcome: string | null;
  readonly ended: string | null;
  readonly items: number;
  readonly settled: number;
  readonly failing: number;
  /** A bundle of another desk, taken in to be read; left out for own runs. */
  readonly imported?: { readonly at: number };
};

/** The frozen document and what answers it: the folds start from it, anew where a run is moved to another version. */
export type RunContext = {
  readonly runId: RunId;
  readonly runbook: Runbook;
  readonly runbookName: string;
  readonly runbookSha256: string;
  readonly target: Target;
  readonly bindings: readonly BoundItem[];
  /** Bindings of the target that fit no item or several, by name. */
  readonly unbound: readonly UnboundBinding[];
  readonly problems: readonly Problem[];
  readonly moved?: Moved;
};

/** Somebody to call, kept on this desk under the role. */
export type Contact = {
  readonly role: string;
  readonly name: string;
  readonly phone: string;
  readonly slack: string;
  readonly email: string;
};

export type Point = readonly [at: number, value: number];

/** One push of live health: everything that was looked at in one tick of the scheduler. */
export type HealthTick = {
  readonly at: number;
  readonly probes: readonly Health[];
  readonly metrics: readonly Health[];
  /** New points of the sparklines, by metric. */
  readonly points: Readonly<Record<string, readonly Point[]>>;
  /** Why nothing can be written down at this moment, such as a full disk; left out while all is well. */
  readonly trouble?: string;
  /** Everything that is under way, whenever that changed. */
  readonly underWay?: readonly UnderWay[];
};

export type Fault = {
  readonly name: string;
  readonly label: string;
  readonly sentence: string;
  readonly level: number;
};
export type PracticeState = {
  readonly running: boolean;
  readonly faults: readonly Fault[];
  /** What can break the practice cluster, and with it a rehearsed rollback. */
  readonly clusterFaults: readonly Fault[];
  /** Parts that this machine can or can't bring up, each with its sentence. */
  readonly parts: readonly {
    readonly name: string;
    readonly state: 'starting' | 'up' | 'not-available';
    readonly sentence: string;
  }[];
  readonly received: readonly Received[];
};

export const contract = {
  audit: auditContract,
  desk: {
    hello: watch.output(type<Hello>()),
    identify: operate
      .input(z.object({ name: z.string().trim().min(1).max(80), role: z.string().max(80).nullable() }))
      .output(type<Hello>()),
    bundled: watch.output(type<{ readonly runbooks: readonly string[]; readonly targets: readonly string[] }>()),
  },
  runs: {
    list: watch.output(type<readonly RunSummary[]>()),
    start: operate
      .input(
        z.object({
          runbook: sourceSchema,
          target: sourceSchema,
          release: words,
          plannedT0: z.number().int().nullable(),
          /** Whether steps without a task box count as items. */
          inferred: z.boolean().default(true),
          details: z.array(detailSchema).max(20).default([]),
        }),
      )
      .output(type<{ readonly runId: RunId }>()),
    practice: operate.output(type<{ readonly runId: RunId }>()),
    close: operate.input(z.object({ runId, reason: words.nullable() })).output(type<{ readonly outcome: string }>()),
  },
  run: {
    context: watch.input(z.object({ runId })).output(type<RunContext>()),
    /** Batches of events after `after`, first what is there, then as they are committed. Never a gap, never a repeat. */
    follow: watch
      .input(z.object({ runId, after: z.number().int().min(0) }))
      .output(eventIterator(type<readonly RecordedEvent[]>())),
    documents: watch.input(z.object({ runId })).output(type<RunDocuments>()),
    /** The checklist with the run laid over it. */
    export: watch.input(z.object({ runId })).output(type<ExportedRun>()),
  },
  metrics: {
    ...historyContract,
    /** First everything as it stands with recent points, then one message a tick. */
    follow: watch.input(z.object({ runId })).output(eventIterator(type<HealthTick>())),
  },
  checklist: {
    focus: operate.input(ofItem).output(type<void>()),
    tick: operate.input(ofItem.extend({ value: words.nullable() })).output(type<void>()),
    untick: operate.input(ofItem.extend({ reason })).output(type<void>()),
    fill: operate.input(z.object({ runId, field, value: words })).output(type<void>()),
    note: operate
      .input(z.object({ runId, item: item.nullable(), text: z.string().trim().min(1).max(20_000) }))
      .output(type<void>()),
    override: operate.input(ofItem.extend({ reason })).output(type<void>()),
    defer: operate.input(ofItem.extend({ phase: z.string(), reason })).output(type<void>()),
    waive: operate.input(ofItem.extend({ reason })).output(type<void>()),
    reopen: operate.input(ofItem.extend({ reason })).output(type<void>()),
    /** The second of two people confirms what the first one did. */
    second: operate.input(ofItem).output(type<void>()),
  },
  clock: {
    setT0: operate.input(z.object({ runId, t0: z.number().int().nullable() })).output(type<void>()),
    correctT0: operate.input(z.object({ runId, t0: z.number().int(), reason })).output(type<void>()),
    /** How many times as fast the clock of a practice run goes. */
    setSpeed: operate
      .input(z.object({ runId, speed: z.union([z.literal(1), z.literal(10), z.literal(60)]) }))
      .output(type<void>()),
  },
  rounds: {
    answer: operate
      .input(
        z.object({
          runId,
          round: z
            .string()
            .max(500)
            .transform((id) => id as RoundId),
          reading: z.string().max(500),
          value: z.string().trim().min(1, 'say what you see').max(2_000),
          fine: z.boolean(),
        }),
      )
      .output(type<void>()),
  },
  gates: {
    vote: operate
      .input(z.object({ runId, gate: z.string(), role: z.string(), go: z.boolean(), reason: reason.nullable() }))
      .output(type<void>()),
    decide: operate
      .input(
        z.object({
          runId,
          gate: z.string(),
          decision: z.enum(decisions),
          extendMs: z.number().int().min(60_000).max(86_400_000).nullable(),
          reason: reason.nullable(),
        }),
      )
      .output(type<void>()),
    /** Asks for a bypass; said by a second person while one is asked for, it passes the gate. */
    bypass: operate.input(z.object({ runId, gate: z.string(), reason })).output(type<void>()),
  },
  people: {
    contacts: operate.output(type<readonly Contact[]>()),
    keepContact: operate
      .input(z.object({ role: name.min(1), name, phone: name, slack: name, email: name }))
      .output(type<readonly Contact[]>()),
    offer: operate.input(z.object({ runId, to: name.min(1), note: words })).output(type<void>()),
    accept: operate.input(z.object({ runId })).output(type<void>()),
  },
  verdict: verdictContract,
  probes: probesContract,
  alarms: alarmContract,
  details: detailsContract,
  escalation: escalationContract,
  incidents: incidentsContract,
  commands: commandContract,
  move: moveContract,
  rollback: rollbackContract,
  notices: noticesContract,
  secrets: secretsContract,
  shell: shellContract,
  sheets: sheetContract,
  signOff: signOffContract,
  paper: paperContract,
  ...screenContracts,
  practice: {
    state: watch.output(type<PracticeState>()),
    setFault: operate
      .input(z.object({ runId, fault: z.string(), level: z.number().min(0).max(1) }))
      .output(type<PracticeState>()),
    deploy: operate.input(z.object({ runId, release: z.string().trim().min(1).max(80) })).output(type<void>()),
  },
  documents: {
    runbook: operate.input(z.object({ source: sourceSchema })).output(type<RunbookPreview>()),
    target: operate.input(z.object({ source: sourceSchema })).output(type<TargetPreview>()),
    understood: operate
      .input(z.object({ runbook: sourceSchema, target: sourceSchema }))
      .output(type<UnderstoodDocument>()),
  },
};

export type Client = ContractRouterClient<typeof contract>;

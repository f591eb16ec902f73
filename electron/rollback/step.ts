import type { z } from 'zod';
import type { Health } from '../../shared/health.ts';
import type { ClusterView } from '../../shared/rollback/guard.ts';
import type { KubePlace } from '../../shared/rollback/kubectl.ts';
import type { Effect } from '../../shared/rollback/plan.ts';
import { fillPlaceholders } from '../../shared/rollback/text.ts';
import type { Variable } from '../../shared/rollback/text.ts';
import type { Exit } from './child.ts';

/** What a step will do: exactly this is shown before anyone confirms, and exactly this runs. */
export type Preview = {
  readonly words: string;
  /** The arguments of its process, the program by its name; null for a step that starts none. */
  readonly argv: readonly string[] | null;
  readonly effect: Effect | null;
  /** Only looks: stopping it half way changes nothing. */
  readonly watching: boolean;
};

/** How a step ended. Unknown: it may or may not have had its effect, and the sentence says where to look. */
export type StepEnd = {
  readonly outcome: 'done' | 'failed' | 'unknown';
  readonly sentence: string;
  readonly exitCode?: number | null;
};

export type StepContext = {
  /** The frozen arguments, with the program's absolute path. */
  readonly argv: readonly string[];
  /** Aborts at the step's limit and, for one that only looks, when people stop it. */
  readonly signal: AbortSignal;
  readonly limitMs: number;
  /** Runs the arguments as a process that outlives this app, or finds it again; at most once a step. */
  readonly child: (env: Readonly<Record<string, string>>) => Promise<Exit>;
  /** The end of what the step said so far, as text. */
  readonly output: () => Promise<string>;
  readonly say: (line: string) => Promise<void>;
  /** What is known of a probe or metric now; null where this run has none of that name. */
  readonly health: (id: string) => Health | null;
  /** What the cluster says now. Throws unavailable where it does not answer or this plan has none. */
  readonly cluster: () => Promise<ClusterView>;
  /** The Service whose pods are guarded; null where the plan has no cluster. */
  readonly service: string | null;
  /** "secret:NAME" → the secret; anything else stays. Throws unavailable where it is not set. */
  readonly secret: (text: string) => Promise<string>;
  /** Puts a question to the people and resolves with what one of them confirms. */
  readonly question: (question: string, expects: string | null) => Promise<string>;
  readonly notify: (to: string, text: string) => void;
};

/** One kind of rollback step, one file. */
export type StepKind = {
  readonly kind: string;
  readonly summary: string;
  readonly params: z.ZodType;
  /** Checks what a target or plan writes under `with` and puts values in their places. Throws bad-input. */
  readonly freeze: (raw: unknown, variable: Variable) => Readonly<Record<string, unknown>>;
  /** The exact words and arguments. Throws bad-input for what must not run. */
  readonly preview: (frozen: unknown, place: KubePlace | null, limitMs: number) => Preview;
  readonly run: (frozen: unknown, context: StepContext) => Promise<StepEnd>;
};

export const defineStep = <Schema extends z.ZodType<Record<string, unknown>>>(definition: {
  readonly kind: string;
  readonly summary: string;
  readonly params: Schema;
  /** Where values may stand; everywhere by default. */
  readonly fill?: (params: z.output<Schema>, variable: Variable) => z.output<Schema>;
  readonly preview: (params: z.output<Schema>, place: KubePlace | null, limitMs: number) => Preview;
  readonly run: (params: z.output<Schema>, context: StepContext) => Promise<StepEnd>;
}): StepKind => ({
  kind: definition.kind,
  summary: definition.summary,
  params: definition.params,
  freeze: (raw, variable) => {
    const params = definition.params.parse(raw);
    // Filled values are checked again: a value may turn a good text into a bad one.
    return definition.params.parse((definition.fill ?? fillPlaceholders)(params, variable));
  },
  preview: (frozen, place, limitMs) => definition.preview(definition.params.parse(frozen), place, limitMs),
  run: (frozen, context) => definition.run(definition.params.parse(frozen), context),
});

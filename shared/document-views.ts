import type { Answered } from './runbook/answered.ts';
import type { Suggestion } from './runbook/bind.ts';
import type { Problem } from './runbook/model.ts';
import type { Understood } from './runbook/understood.ts';
import type { UnboundBinding } from './target/bind.ts';
import type { Target } from './target/schema.ts';

type Document = { readonly name: string; readonly sha256: string };
export type RunbookPreview = Document & {
  readonly title: string;
  readonly items: number;
  /** How many of the items have no task box. */
  readonly inferred: number;
  readonly phases: readonly { readonly title: string; readonly items: number }[];
  readonly problems: readonly Problem[];
};
export type TargetPreview = Document & {
  readonly service: string;
  readonly environment: Target['environment'];
  readonly probes: number;
  readonly metrics: number;
  /** The folder of the repository that is deployed, where the target names one. */
  readonly repository: string | null;
  readonly problems: readonly Problem[];
};

/** A checklist line by line, as it was understood against a target. The texts are as they were read. */
export type UnderstoodDocument = {
  readonly runbook: RunbookPreview & { readonly text: string; readonly rows: readonly Understood[] };
  /** `usable`: it holds no mistake. Without that nothing is bound and nothing suggested. */
  readonly target: TargetPreview & { readonly text: string; readonly usable: boolean };
  /** How many items this target answers. */
  readonly sensed: number;
  readonly unbound: readonly UnboundBinding[];
  /** Each item with what answers it; empty where the target has mistakes. */
  readonly answered: readonly Answered[];
  /** Labels of probes and metrics that answer no item. */
  readonly idle: readonly string[];
  readonly suggestions: readonly Suggestion[];
};

type NamedText = { readonly name: string; readonly text: string };
/** The two documents that a run was started from. */
export type RunDocuments = { readonly runbook: NamedText; readonly target: NamedText };

/** A file to keep: its name and its text. */
export type ExportedRun = { readonly name: string; readonly markdown: string };

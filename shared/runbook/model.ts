/**
 * A checklist as the room sees it. The source text stays the truth: every node names the lines it came from (1-based,
 * both ends included), and what was not understood stands as text in its place, so that nothing is ever lost.
 */
export type Span = { readonly line: number; readonly endLine: number };

/** Stable across edits elsewhere in the document: made from the item's words, with an ordinal only for repeated words. */
export type ItemId = string & { readonly __brand: 'ItemId' };
export type FieldId = string & { readonly __brand: 'FieldId' };

export type PhaseRole =
  | 'pre-deployment'
  | 'deployment'
  | 'verification'
  | 'monitoring'
  | 'rollback'
  | 'sign-off'
  | 'other';

/** When something is due, in ms relative to T-0; `toMs` null = open-ended. `text` and `line` are where the document says so. */
export type Window = {
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly text: string;
  readonly line: number;
};

/** A repeated round of readings. `offsetsMs` are the moments relative to T-0, ascending, without repeats. */
export type Cadence = {
  readonly offsetsMs: readonly number[];
  readonly readingsPerRound: number;
  readonly text: string;
  readonly line: number;
};

/** A limit in words: `value` in `unit`, met when `reading op value`. `role`: a target is the amber line, an alert the red one. */
export type Limit = {
  readonly op: '<' | '<=' | '>' | '>=' | '=';
  readonly value: number;
  readonly unit: string | null;
  readonly role: 'target' | 'alert';
  readonly text: string;
  readonly line: number;
};

/**
 * `column` is where the mark stands (1-based, in code points), so that export changes it and nothing else; `line` its
 * line, where the options stand on lines of their own.
 */
export type ChoiceOption = {
  readonly label: string;
  readonly checked: boolean;
  readonly column?: number;
  readonly line?: number;
};

export type Choice = {
  readonly kind: 'choice';
  readonly id: FieldId;
  readonly label: string;
  readonly options: readonly ChoiceOption[];
  readonly span: Span;
};

export type Blank = {
  readonly kind: 'blank';
  readonly id: FieldId;
  readonly label: string;
  readonly value: 'number' | 'text' | 'date' | 'time' | 'name' | 'version';
  readonly unit: string | null;
  readonly target: Limit | null;
  /** Where the run of underscores stands: export writes the value there and changes nothing else. 1-based, in code points. */
  readonly column: number;
  readonly width: number;
  /** Stands in brackets beside a reading ("expected baseline: ___"): something to compare with, not a reading of its own. */
  readonly reference?: boolean;
  readonly span: Span;
};

/** A name to sign with and, where the document has one, a date beside it. */
export type Signature = {
  readonly kind: 'signature';
  readonly id: FieldId;
  readonly role: string;
  readonly name: Blank;
  readonly date: Blank | null;
  readonly span: Span;
};

export type Field = Choice | Blank | Signature;

export type Link = { readonly text: string; readonly url: string; readonly line: number };

/** One step of a fence: the words of the comment above it and the command as written. */
export type FenceStep = {
  readonly title: string;
  readonly ordinal: number | null;
  readonly command: string;
  readonly span: Span;
};

export type Command = {
  readonly text: string;
  readonly language: string | null;
  readonly source: 'fence' | 'inline';
  readonly steps: readonly FenceStep[];
  readonly span: Span;
};

export type Item = {
  readonly id: ItemId;
  /** Plain words, without markup and without the fields' blanks and options. */
  readonly text: string;
  /** The inline Markdown as written. */
  readonly markdown: string;
  readonly span: Span;
  /** Where the box stands, for export: the character between the brackets, or the ballot mark. Null for inferred items without one. */
  readonly box: { readonly line: number; readonly column: number } | null;
  readonly depth: number;
  readonly checked: boolean;
  /** 'task' is a GFM task item; the others are inferred from their form and can be switched off. */
  readonly origin: 'task' | 'numbered' | 'ballot' | 'table-row' | 'bullet';
  readonly fields: readonly Field[];
  readonly limits: readonly Limit[];
  readonly commands: readonly Command[];
  /** "returns 200", "Expected: …": the words of the outcome. */
  readonly expected: string | null;
  readonly optional: boolean;
  readonly links: readonly Link[];
  readonly children: readonly Item[];
  /** Prose, lists, tables under the item, as written. */
  readonly details: readonly Block[];
};

export type Block =
  | { readonly kind: 'item'; readonly item: Item; readonly span: Span }
  | { readonly kind: 'text'; readonly markdown: string; readonly span: Span }
  | { readonly kind: 'form'; readonly text: string; readonly fields: readonly Field[]; readonly span: Span }
  | { readonly kind: 'command'; readonly command: Command; readonly span: Span }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly fields: readonly Field[];
      readonly span: Span;
    };

export type Section = {
  readonly id: string;
  readonly title: string;
  /** Titles of the headings above it inside the phase. */
  readonly path: readonly string[];
  readonly level: number;
  /** A heading that carries "[ ]": not a task, its state derives from its children. */
  readonly boxed: boolean;
  readonly window: Window | null;
  readonly cadence: Cadence | null;
  readonly blocks: readonly Block[];
  readonly span: Span;
};

export type Phase = {
  readonly id: string;
  readonly title: string;
  readonly role: PhaseRole;
  readonly window: Window | null;
  /** The first one holds what stands directly under the phase's heading; its title is then empty. */
  readonly sections: readonly Section[];
  readonly span: Span;
};

export type Contact = {
  readonly role: string;
  readonly cells: readonly { readonly column: string; readonly value: string }[];
  readonly line: number;
};

export type EscalationStep = {
  readonly text: string;
  readonly role: string | null;
  readonly afterMs: number | null;
  readonly line: number;
};

export type Problem = {
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: string;
  readonly message: string;
  /** The correct form, ready to copy; null where there is none. */
  readonly fix: string | null;
};

export type Runbook = {
  readonly title: string;
  /** "**System**: …" lines and front matter above the first phase. */
  readonly meta: readonly { readonly key: string; readonly value: string; readonly line: number }[];
  readonly lines: number;
  /** Headings that hold items, in order. */
  readonly phases: readonly Phase[];
  /** Headings without items: command reference, contacts, dashboards, the print template; and what stands before the first heading. */
  readonly references: readonly Section[];
  readonly contacts: readonly Contact[];
  readonly escalation: readonly EscalationStep[];
  readonly links: readonly Link[];
  /** Lines that are neither understood nor shown: always empty, asserted over every document that is tried. */
  readonly unaccountedLines: readonly number[];
};

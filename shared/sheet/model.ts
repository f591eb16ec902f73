import type { Contact, Point } from '../contract.ts';
import type { RecordedEvent, RunId } from '../events.ts';
import type { Runbook } from '../runbook/model.ts';
import type { BoundItem } from '../target/bind.ts';
import type { Target } from '../target/schema.ts';

/** What can be put on paper. */
export const sheetKinds = ['checklist', 'record', 'sign-off', 'rollback', 'contacts'] as const;
export type SheetKind = (typeof sheetKinds)[number];

export const papers = ['A4', 'Letter'] as const;
export type Paper = (typeof papers)[number];

/** A run as it stood at one entry of the log. */
export type SheetRun = {
  readonly id: RunId;
  /** Everything up to the chosen entry, oldest first. */
  readonly events: readonly RecordedEvent[];
  /** The audit head: the newest entry that the sheet shows. `war-room verify --head SEQ:HASH` takes it. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** Entries of this run that came after it; the sheet does not show them. */
  readonly newer: number;
  /** The measured curves of the metrics that a baseline was taken of, from shortly before T-0 on. */
  readonly points: Readonly<Record<string, readonly Point[]>>;
  /** How the room looked at the newest baseline that has a picture: a PNG in base64, or null. */
  readonly picture: { readonly png: string; readonly width: number; readonly height: number } | null;
};

/** All that a sheet is drawn from, frozen when it was asked for: nothing moves beneath a page that is being printed. */
export type SheetData = {
  readonly document: {
    readonly name: string;
    readonly sha256: string;
    readonly text: string;
    readonly runbook: Runbook;
  };
  /** Null for a checklist alone. */
  readonly target: Target | null;
  readonly bindings: readonly BoundItem[];
  /** Whom to call, as kept on this desk. */
  readonly contacts: readonly Contact[];
  readonly run: SheetRun | null;
  /** When it was asked for (UTC epoch ms), and the IANA zone that its times are written in. */
  readonly at: number;
  readonly zone: string;
};

/** One printing: what, and on which paper. */
export type SheetAsked = { readonly sheet: SheetKind; readonly paper: Paper };

/** What a printer of pages gets: the very page that a window shows, filled with this. */
export type SheetJob = SheetAsked & { readonly data: SheetData };

import type { FieldId, ItemId, Runbook, Signature } from '../runbook/model.ts';
import { itemsOf, sectionsOf } from '../runbook/walk.ts';
import { roundsOf } from '../schedule/rounds.ts';

/**
 * What is signed, in this order: the leave to deploy, the sign-off that the document asks for, and where rounds go on
 * beyond that, a closing one after the last of them. A sign-off that came before the last reading can't speak of it.
 */
export const signOffStages = ['authorise', 'interim', 'closing'] as const;
export type SignOffStage = (typeof signOffStages)[number];

/** One line that one person signs. `id` is the stage and the field of the document, or the role where it has none. */
export type SignOffLine = {
  readonly id: string;
  readonly stage: SignOffStage;
  /** In the document's words. */
  readonly role: string;
  readonly signature: Signature | null;
  readonly item: ItemId | null;
};

export type SignOffPlan = {
  readonly lines: readonly SignOffLine[];
  /** When the interim sign-off may be given, in ms after T-0; null where there is none. */
  readonly interimMs: number | null;
  /** When the last round is due, in ms after T-0; null without rounds. */
  readonly lastRoundMs: number | null;
};

/** For documents that name nobody: who signs in most teams. */
const usual = ['Engineering Lead', 'On-Call Engineer', 'DevOps/SRE'];

type Found = { readonly signature: Signature; readonly item: ItemId | null; readonly team: boolean };

const signaturesOf = (runbook: Runbook): readonly Found[] => {
  const ofItems = new Map<FieldId, ItemId>(
    itemsOf(runbook).flatMap((item) => item.fields.map((field) => [field.id, item.id] as const)),
  );
  const inPhases = new Set(runbook.phases.flatMap(({ sections }) => sections.map(({ id }) => id)));
  return sectionsOf(runbook).flatMap((section) => {
    const fields = section.blocks.flatMap((block) =>
      block.kind === 'item'
        ? itemsOf({ ...section, blocks: [block] }).flatMap((item) => item.fields)
        : 'fields' in block
          ? block.fields
          : [],
    );
    return fields.flatMap((field): readonly Found[] =>
      field.kind === 'signature'
        ? [{ signature: field, item: ofItems.get(field.id) ?? null, team: inPhases.has(section.id) }]
        : [],
    );
  });
};

const lineOf = (stage: SignOffStage, { signature, item }: Found): SignOffLine => ({
  id: `${stage}:${signature.id}`,
  ...{ stage, role: signature.role, signature, item },
});

const usualLine = (stage: SignOffStage, role: string): SignOffLine => ({
  id: `${stage}:${role}`,
  ...{ stage, role, signature: null, item: null },
});

/** Every line that a run of this document is signed on. */
export const signOffPlan = (runbook: Runbook): SignOffPlan => {
  const found = signaturesOf(runbook);
  const team = found.filter((own) => own.team);
  const leave = found.filter((own) => !own.team);
  const offsets = roundsOf(runbook).map(({ offsetMs }) => offsetMs);
  const lastRoundMs = offsets.length === 0 ? null : Math.max(...offsets);
  const windows = runbook.phases.flatMap(({ role, window }) =>
    role === 'sign-off' && window !== null ? [window] : [],
  );
  const asked = windows.at(-1)?.fromMs ?? null;
  const interimMs = asked !== null && lastRoundMs !== null && asked < lastRoundMs ? asked : null;
  const stages: readonly SignOffStage[] = interimMs === null ? ['closing'] : ['interim', 'closing'];
  const teamLines = stages.flatMap((stage) =>
    team.length > 0 ? team.map((own) => lineOf(stage, own)) : usual.map((role) => usualLine(stage, role)),
  );
  const first =
    leave.length > 0 ? leave.map((own) => lineOf('authorise', own)) : [usualLine('authorise', 'Authorized to Deploy')];
  return { lines: [...first, ...teamLines], interimMs, lastRoundMs };
};

export const stageWords: Readonly<Record<SignOffStage, string>> = {
  authorise: 'Leave to deploy',
  interim: 'Interim sign-off',
  closing: 'Closing sign-off',
};

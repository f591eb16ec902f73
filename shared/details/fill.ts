import type { NewEvent } from '../events.ts';
import { severitiesOf, severityField, worstSeverity } from '../incidents/severities.ts';
import type { Checklist } from '../projections/checklist.ts';
import type { Details } from '../projections/details.ts';
import { resolutionMs } from '../projections/incidents.ts';
import type { Incidents } from '../projections/incidents.ts';
import type { Field, FieldId, ItemId, Runbook } from '../runbook/model.ts';
import type { RunClock } from '../schedule/run-clock.ts';
import type { DetailKey } from './events.ts';

/** What the room knows and the document has a blank for: it is filled in, with where it comes from. */

type Put = { readonly value: string; readonly source: string };

export type FillSight = {
  readonly runbook: Runbook;
  readonly release: string;
  readonly details: Details;
  readonly incidents: Incidents;
  readonly checklist: Checklist;
  readonly clock: RunClock;
  /** Every field of the document, with its item. */
  readonly places: ReadonlyMap<FieldId, { readonly item: ItemId | null; readonly field: Field }>;
};

const blanks: readonly (readonly [RegExp, DetailKey])[] = [
  [/^(?:planned )?(?:deployment |release )?(?:start time|window start|starts? at)$/iu, 'window-start'],
  [/^(?:planned )?(?:deployment|release|go-?live) date$/iu, 'window-start'],
  [/^(?:expected|estimated|planned) duration$/iu, 'window-minutes'],
  [/^maintenance window(?: required)?\??$/iu, 'maintenance-window'],
  [/^(?:users?|customers?) notified\??$/iu, 'users-notified'],
  [/^(?:total |number of )?commits$/iu, 'commits'],
  [/^(?:total |number of )?(?:files changed|changed files)$/iu, 'files-changed'],
  [/^(?:key features|key changes|highlights)$/iu, 'key-features'],
  [/^(?:deployed by|deployer)$/iu, 'deployed-by'],
  [/^(?:reviewed by|reviewers?)$/iu, 'reviewed-by'],
];

/** A moment as the blank wants it: its day, its time, or both. */
const momentFor = (field: Field, moment: string): string => {
  const [date = '', time = ''] = moment.replace(/Z$/u, '').split('T');
  if (field.kind !== 'blank') return '';
  return field.value === 'date' ? date : field.value === 'time' ? time : `${date} ${time} UTC`;
};

const detailPut = (field: Field, { details, release }: FillSight): Put | null => {
  const label = field.kind === 'signature' ? field.role : field.label.trim();
  if (field.kind === 'blank' && field.value === 'version' && /\b(?:release|version)$/iu.test(label))
    return { value: release, source: 'the release of this run' };
  const key = blanks.find(([pattern]) => pattern.test(label))?.[1];
  const detail = key === undefined ? undefined : details.get(key);
  if (key === undefined || detail === undefined || detail.value === '') return null;
  const source = detail.source === 'git' ? 'git' : 'the details of this run';
  return { value: key === 'window-start' ? momentFor(field, detail.value) : detail.value, source };
};

const incidentPut = (field: Field, { runbook, incidents, clock }: FillSight): Put | null => {
  if (incidents.length === 0 || field.kind === 'signature') return null;
  const source = 'the incidents of this run';
  if (field.kind === 'choice') {
    if (/incidents? (?:occurred|happened)|any incidents?/iu.test(field.label)) return { value: 'Yes', source };
    if (field.id !== severityField(runbook)?.id) return null;
    const worst = worstSeverity(
      incidents.map(({ severity }) => severity),
      severitiesOf(runbook),
    );
    return worst === null ? null : { value: worst, source };
  }
  if (!/^(?:resolution time|time to (?:resolve|resolution))$/iu.test(field.label)) return null;
  const took = incidents.flatMap((incident) => resolutionMs(incident, clock) ?? []);
  // The whole is resolved when the last one is.
  if (took.length < incidents.length) return null;
  const unit = /^h/iu.test(field.unit ?? '') ? 3_600_000 : 60_000;
  return { value: String(Math.max(1, Math.round(Math.max(...took) / unit))), source };
};

/** Whether a person has answered: what they say stands, whatever the room knows. */
const answered = (checklist: Checklist, field: FieldId): boolean => {
  const filled = checklist.fields.get(field);
  return filled !== undefined && filled.by.kind === 'person';
};

/** The blanks that do not say yet what the room knows. */
export const fillsFor = (sight: FillSight): readonly NewEvent[] =>
  [...sight.places].flatMap(([id, { item, field }]): readonly NewEvent[] => {
    const put = detailPut(field, sight) ?? incidentPut(field, sight);
    if (put === null || put.value === '' || answered(sight.checklist, id)) return [];
    if (field.kind === 'choice' && field.options.every(({ label }) => label !== put.value)) return [];
    if (sight.checklist.fields.get(id)?.value === put.value) return [];
    const { value, source } = put;
    return [{ type: 'field-filled', body: { field: id, item, value, metric: null, source } }];
  });

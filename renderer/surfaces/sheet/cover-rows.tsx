import { partsOf } from '../../../shared/sheet/parts.ts';
import type { Block, Section } from '../../../shared/runbook/model.ts';
import type { Row } from './flow.ts';
import { ownHeading } from './heading.tsx';
import { Line } from './line.tsx';
import type { SheetScope } from './scope.ts';

type Form = Block & { kind: 'form' };

/** A line that takes the whole width: a signature, or a long answer. */
const isWide = ({ fields }: Form): boolean =>
  fields.some((field) => field.kind === 'signature' || (field.kind === 'blank' && field.width >= 30)) ||
  fields.length > 2;

const FormLine = ({ scope, form }: { readonly scope: SheetScope; readonly form: Form }) => (
  <div className="line" dir="auto">
    <Line parts={partsOf(form.text, form.fields)} marks={scope.marks} />
  </div>
);

/** Short lines to fill in stand two and two. */
export const formRows = (scope: SheetScope, key: string, forms: readonly Form[]): readonly Row[] => {
  const pairs: Form[][] = [];
  for (const form of forms) {
    const last = pairs.at(-1);
    const [first] = last ?? [];
    if (last?.length === 1 && first !== undefined && !isWide(first) && !isWide(form)) last.push(form);
    else pairs.push([form]);
  }
  return pairs.map((pair, at) => ({
    key: `${key}.form.${at}`,
    area: 'portrait',
    className: `form-row${pair.some(isWide) ? ' form-wide' : ''}`,
    body: pair.map((form) => <FormLine key={form.span.line} scope={scope} form={form} />),
  }));
};

const generic = [
  'Deployment date',
  'Release',
  'Deployed by',
  'Reviewed by',
  'Start of the window',
  'End of the window',
];

/** The same for a document that has no such part: every team writes these down. */
const ownCover = (): readonly Row[] => [
  ownHeading('cover', 'To fill in'),
  ...[0, 2, 4].map((at): Row => ({
    key: `cover-${at}`,
    area: 'portrait',
    className: 'form-row',
    body: generic.slice(at, at + 2).map((label) => (
      <p key={label} className="line">
        {label}: <span className="blank" data-size="words" role="note" aria-label={`${label}: to fill in`} />
      </p>
    )),
  })),
  {
    key: 'cover-changes',
    area: 'portrait',
    className: 'form-row form-wide',
    body: (
      <p className="line">
        Code changes: <span className="blank" data-size="line" role="note" aria-label="Code changes: to fill in" />
      </p>
    ),
  },
];

/** What is filled in before the window: the document's own template where it has one. */
export const coverRows = (
  scope: SheetScope,
  groups: readonly (readonly Section[])[],
  rows: (group: readonly Section[]) => readonly Row[],
): readonly Row[] => {
  if (groups.length > 0) return groups.flatMap(rows);
  return scope.marks.blank ? ownCover() : [];
};

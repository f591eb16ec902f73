import { gridsOf } from '../../../shared/sheet/grid.ts';
import { languageOf } from '../../../shared/sheet/language.ts';
import type { SheetJob as Job, SheetKind } from '../../../shared/sheet/model.ts';
import { sheetPayload } from '../../../shared/sheet/payload.ts';
import { readSource } from '../../../shared/runbook/source.ts';
import { fieldsOf, itemsOf } from '../../../shared/runbook/walk.ts';
import { rollbackRows } from './card-rows.tsx';
import { checklistRows } from './checklist-rows.tsx';
import { contactRows } from './contact-rows.tsx';
import { exceptionRows } from './exceptions.tsx';
import type { Row } from './flow.ts';
import { ownHeading, wholeTitle } from './heading.tsx';
import { noMarks } from './marks.ts';
import type { PageHead } from './page-frame.tsx';
import { codeColumns } from './paper.ts';
import { recordRows, summaryRows } from './record-rows.tsx';
import type { SheetScope } from './scope.ts';
import { foldOf, marksOf } from './sheet-fold.ts';
import type { SheetFold } from './sheet-fold.ts';
import { signatureRows } from './signature-rows.tsx';
import { verdictRows } from './verdict-rows.tsx';

const formats = new Map<string, Intl.DateTimeFormat>();

const formatIn = (zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${zone} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...options });
  formats.set(key, format);
  return format;
};

const moment = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;

const second = { ...moment, second: '2-digit' } as const;

const kindWords: Readonly<Record<SheetKind, string>> = {
  checklist: 'Checklist',
  record: 'Run record',
  'sign-off': 'Sign-off sheet',
  rollback: 'Rollback card',
  contacts: 'Contacts card',
};

const scopeOf = ({ data, paper, sheet }: Job, fold: SheetFold | null): SheetScope => {
  const { runbook, text } = data.document;
  const { lines } = readSource(text);
  const numbers = new Map(itemsOf(runbook).map((item, at) => [item.id, at + 1]));
  return {
    data,
    paper,
    // A checklist to fill in is blank, whatever the run has seen already.
    marks: fold === null || sheet === 'checklist' ? noMarks : marksOf(fold),
    evidence: Map.groupBy(fold?.filled.evidence ?? [], ({ item }) => item),
    columns: codeColumns(paper),
    grids: gridsOf(runbook),
    number: (id) => numbers.get(id) ?? 0,
    line: (at) => lines[at - 1] ?? '',
    time: (at) => formatIn(data.zone, moment).format(at),
    second: (at) => formatIn(data.zone, second).format(at),
    clock: (at) => formatIn(data.zone, { hour: '2-digit', minute: '2-digit' }).format(at),
    t0: fold?.room.t0?.at ?? fold?.room.started?.plannedT0 ?? null,
  };
};

const shortHash = (hash: string): string => hash.slice(0, 16).replaceAll(/(.{4})(?=.)/gu, '$1 ');

const headOf = (asked: Job, scope: SheetScope, fold: SheetFold | null): PageHead => {
  const { data, sheet } = asked;
  const { document, run, target } = data;
  const system = document.runbook.meta.find(({ key }) => /^(?:system|service|application|project)$/iu.test(key))?.value;
  const started = fold?.room.started;
  const where = started?.environment ?? target?.environment;
  const about = [started?.service ?? target?.service ?? system, where, started?.release];
  return {
    title: document.runbook.title === '' ? document.name : document.runbook.title,
    about: about.filter((part) => part !== undefined && part !== '').join(' · '),
    practice: fold?.room.started?.practice === true,
    kind: kindWords[sheet],
    ids:
      run === null
        ? [`document ${shortHash(document.sha256)}`, 'no run: to fill in by hand']
        : [`run ${run.id}`, `audit head ${run.head.seq} · ${shortHash(run.head.hash)}`],
    payload: sheetPayload(sheet, data),
    printed: scope.time(data.at),
    zone: data.zone,
    language: languageOf(document),
  };
};

/** Signed with everything in sight that a signature speaks of. */
const signOffRows = (scope: SheetScope, fold: SheetFold | null): readonly Row[] =>
  fold === null
    ? signatureRows(scope, fold)
    : [
        ...summaryRows(scope, fold),
        ...exceptionRows(scope, fold),
        ...verdictRows(scope, fold),
        ...signatureRows(scope, fold),
      ];

const rowsOf = ({ sheet }: Job, scope: SheetScope, fold: SheetFold | null): readonly Row[] => {
  switch (sheet) {
    case 'checklist': {
      const card = ownHeading('card', 'Rollback card');
      return [
        ...checklistRows(scope),
        { ...card, newPage: true },
        ...rollbackRows(scope, fold),
        ...(hasOwnSignatures(scope) ? [] : signatureRows(scope, null)),
      ];
    }
    case 'record':
      return fold === null ? checklistRows(scope) : recordRows(scope, fold);
    case 'sign-off':
      return signOffRows(scope, fold);
    case 'rollback':
      return rollbackRows(scope, fold);
    case 'contacts':
      return contactRows(scope, fold);
  }
};

/** A document that names who signs has the lines for it in their places. */
const hasOwnSignatures = ({ data }: SheetScope): boolean =>
  fieldsOf(data.document.runbook).some(({ kind }) => kind === 'signature');

/** A sheet ready to be laid out: its rows, and what stands on every page. */
export const sheetOf = (job: Job): { readonly rows: readonly Row[]; readonly head: PageHead } => {
  const fold = foldOf(job.data);
  const scope = scopeOf(job, fold);
  const head = headOf(job, scope, fold);
  return { rows: [...wholeTitle(head), ...rowsOf(job, scope, fold)], head };
};

import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WarRoomError } from '../../shared/errors.ts';
import type { RunId } from '../../shared/events.ts';
import { papers, sheetKinds } from '../../shared/sheet/model.ts';
import type { Paper, SheetData, SheetKind } from '../../shared/sheet/model.ts';
import { chromiumPrinter } from '../print/pdf.ts';
import { saveWhole } from '../store/whole-file.ts';
import { argumentFault } from './arguments.ts';
import type { CliIo } from './check.ts';

const usage =
  'Usage: war-room print FILE|--run ID --sheet checklist|record|sign-off|rollback|contacts\n' +
  '                      [--paper A4|Letter] [--target FILE] [-o OUT.pdf] [--data DIR]\n';

type Asked = {
  readonly of:
    | { readonly file: string; readonly target: string | null }
    | { readonly run: RunId; readonly dataDir: string | null };
  readonly sheet: SheetKind;
  readonly paper: Paper;
  readonly out: string | null;
};

const options = {
  run: { type: 'string' },
  sheet: { type: 'string', default: 'checklist' },
  paper: { type: 'string', default: 'A4' },
  target: { type: 'string' },
  out: { type: 'string', short: 'o' },
  data: { type: 'string' },
} as const;

/** Why the arguments can't be used, or what they ask for. */
const askedIn = (argv: readonly string[]): Asked | string => {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
    const sheet = sheetKinds.find((kind) => kind === values.sheet);
    const paper = papers.find((own) => own.toLowerCase() === values.paper.toLowerCase());
    const [file] = positionals;
    if (sheet === undefined) return `There is no sheet "${values.sheet}": name one of ${sheetKinds.join(', ')}.`;
    if (paper === undefined) return `"${values.paper}" is no paper: name A4 or Letter.`;
    if ((file === undefined) === (values.run === undefined) || positionals.length > 1)
      return 'Name one checklist file, or a run with --run.';
    const of =
      values.run === undefined
        ? { file: file ?? '', target: values.target ?? null }
        : { run: values.run as RunId, dataDir: values.data ?? null };
    if ('file' in of && sheet !== 'checklist' && sheet !== 'rollback')
      return `A ${sheet} sheet is of a run: name it with --run.`;
    return { of, sheet, paper, out: values.out ?? null };
  } catch (cause) {
    return argumentFault(cause);
  }
};

const dataOf = async ({ of }: Asked): Promise<SheetData> => {
  const { fileSheet, runSheet } = await import('../sheets/read.ts');
  return 'file' in of ? fileSheet(of.file, of.target) : runSheet(of.run, of.dataDir ?? undefined);
};

const fileName = ({ of, sheet }: Asked): string =>
  'file' in of ? `${basename(of.file).replace(/\.[^.]+$/v, '')}-${sheet}.pdf` : `${of.run}-${sheet}.pdf`;

/** `war-room print`: one sheet as a PDF. Ends with 0, or 2 when it can't be had. */
export async function runPrint(argv: readonly string[], io: CliIo): Promise<number> {
  const asked = askedIn(argv);
  if (typeof asked === 'string') {
    io.err(`${asked}\n${usage}`);
    return 2;
  }
  const { sheet, paper } = asked;
  const pages = join(import.meta.dirname, '../../dist/renderer');
  if (!existsSync(join(pages, 'sheet.html')))
    throw new WarRoomError(
      'unavailable',
      'The pages of War Room are not built yet. Run "npm start", which builds them.',
    );
  const out = resolve(asked.out ?? fileName(asked));
  const { pdf, remark } = await chromiumPrinter(pages)({ sheet, paper, data: await dataOf(asked) });
  await saveWhole(out, pdf).catch((cause: NodeJS.ErrnoException | WarRoomError) => {
    if (cause instanceof WarRoomError) throw cause;
    throw new WarRoomError('unavailable', `"${out}" could not be written (${cause.code}).`, { cause });
  });
  if (remark !== null) io.err(`${remark}\n`);
  io.out(`${out}\n`);
  return 0;
}

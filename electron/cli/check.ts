import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { WarRoomError } from '../../shared/errors.ts';
import type { Problem } from '../../shared/runbook/model.ts';
import { type Counts, countsOf } from '../../shared/runbook/walk.ts';
import { parseWithin, readText } from '../runbook/open.ts';
import { argumentFault } from './arguments.ts';

/** Where a command writes: answers to `out`, refusals to `err`; whole pieces, line ends included. */
export type CliIo = { readonly out: (text: string) => void; readonly err: (text: string) => void };

/** One line of `--json`. */
type Checked = Counts & {
  readonly file: string;
  readonly sha256: string;
  readonly lines: number;
  readonly unaccountedLines: number;
  readonly problems: readonly Problem[];
};

const usage = 'Usage: war-room check FILE… [--json] [--strict] [--no-inferred]\n';
const unusable = 2;

async function checkFile(file: string, inferred: boolean): Promise<Checked> {
  const text = await readText(file);
  const { runbook, problems, counts: counted } = await parseWithin(text, file, { inferred, counted: true });
  const { itemsByPhase, ...counts } = counted ?? countsOf(runbook, text);
  return {
    file,
    sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
    lines: runbook.lines,
    ...counts,
    itemsByPhase,
    unaccountedLines: runbook.unaccountedLines.length,
    problems,
  };
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const inWords = ({ file, items, inferred, phases, rounds, readings, problems }: Checked): string => {
  const counts = [
    plural(items, 'item'),
    ...(inferred > 0 ? [`${inferred} inferred`] : []),
    plural(phases, 'phase'),
    ...(rounds > 0 ? [`${plural(rounds, 'round')} of ${plural(readings, 'reading')} in all`] : []),
    plural(problems.length, 'problem'),
  ];
  const lines = problems.flatMap(({ line, column, severity, code, message, fix }) => [
    `  ${line}:${column}  ${severity}  ${message}  [${code}]`,
    ...(fix === null ? [] : fix.split('\n').map((text) => `      ${text}`)),
  ]);
  return [`${file}: ${counts.join(', ')}`, ...lines, ''].join('\n');
};

type Asked = {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly strict: boolean;
  readonly inferred: boolean;
};

/** Why the arguments can't be used, or what they ask for. */
function readArguments(argv: readonly string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        'no-inferred': { type: 'boolean', default: false },
      },
    });
    if (positionals.length === 0) return 'Name at least one file.';
    const { json, strict, 'no-inferred': without } = values;
    return { files: positionals, json, strict, inferred: !without };
  } catch (cause) {
    return argumentFault(cause);
  }
}

/**
 * `war-room check`: reads each file, says what was understood and what would go wrong. Ends with 0 when clean, 1 on
 * problems of severity error (with --strict also warnings), 2 when the arguments or a file can't be used; the other
 * files are still checked.
 */
export async function runCheck(argv: readonly string[], io: CliIo): Promise<number> {
  const asked = readArguments(argv);
  if (typeof asked === 'string') {
    io.err(`${asked}\n${usage}`);
    return unusable;
  }
  let exit = 0;
  for (const file of asked.files) {
    const checked = await checkFile(file, asked.inferred).catch((cause: unknown) => {
      if (cause instanceof WarRoomError) return cause;
      throw cause;
    });
    if (checked instanceof WarRoomError) {
      io.err(`${checked.message}\n`);
      exit = unusable;
      continue;
    }
    io.out(asked.json ? `${JSON.stringify(checked)}\n` : inWords(checked));
    const bad = checked.problems.some(
      ({ severity }) => severity === 'error' || (asked.strict && severity === 'warning'),
    );
    if (bad) exit = Math.max(exit, 1);
  }
  return exit;
}

import { createHash } from 'node:crypto';
import { ZodError } from 'zod';
import canonicalize from 'canonicalize';
import { WarRoomError } from '../../shared/errors.ts';
import type { KubePlace } from '../../shared/rollback/kubectl.ts';
import type { Place, PlannedStep, StepSpec } from '../../shared/rollback/plan.ts';
import type { Variable } from '../../shared/rollback/text.ts';
import { stepKinds } from './index.ts';
import type { StepKind } from './step.ts';
import { findTool } from './tools.ts';

const kinds = new Map(stepKinds.map((kind) => [kind.kind, kind]));

/** The kind by its name. Throws bad-input for one that this version does not know. */
export const kindOf = (name: string): StepKind => {
  const kind = kinds.get(name);
  if (kind === undefined)
    throw new WarRoomError(
      'bad-input',
      `There is no step of kind "${name}"; there are ${[...kinds.keys()].join(', ')}.`,
    );
  return kind;
};

const frozen = (kind: StepKind, spec: StepSpec, variable: Variable): Readonly<Record<string, unknown>> => {
  try {
    return kind.freeze(spec.with, variable);
  } catch (cause) {
    if (!(cause instanceof ZodError)) throw cause;
    const [issue] = cause.issues;
    throw new WarRoomError('bad-input', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`, {
      cause,
    });
  }
};

/** What nobody reads to its end, nobody can confirm. */
const mostWords = 20_000;
const longestLabel = 500;

const readable = (words: string): string => {
  if (words.length > mostWords)
    throw new WarRoomError(
      'bad-input',
      `It is ${words.length.toLocaleString('en-US')} characters long, too long to be read before it is confirmed. Keep it below ${mostWords.toLocaleString('en-US')}: put the rest into a file and run that.`,
    );
  return words;
};

/** A step as it will run: words and arguments exact, the program by its absolute path. Throws what must not run. */
export const freezeStep = async (
  spec: StepSpec,
  at: number,
  { variable, place }: { readonly variable: Variable; readonly place: KubePlace | null },
): Promise<PlannedStep> => {
  const kind = kindOf(spec.kind);
  const params = frozen(kind, spec, variable);
  const { argv, words, effect, watching } = kind.preview(params, place, spec.timeout);
  const [program, ...rest] = argv ?? [];
  return {
    id: String(at + 1),
    kind: spec.kind,
    label: spec.label.slice(0, longestLabel),
    timeoutMs: spec.timeout,
    with: { ...params },
    words: readable(words),
    argv: program === undefined ? null : [await findTool(program), ...rest],
    effect,
    watching,
  };
};

/** Names exactly these steps in exactly this place. */
export const planHash = (steps: readonly PlannedStep[], place: Place): string =>
  createHash('sha256')
    .update(canonicalize({ steps, place }) ?? '', 'utf8')
    .digest('hex');

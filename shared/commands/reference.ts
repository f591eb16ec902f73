import type { RunContext } from '../contract.ts';
import { showArguments } from '../rollback/text.ts';
import { itemsOf, sectionsOf } from '../runbook/walk.ts';
import type { Command, FenceStep, Item, ItemId, Phase, Problem, Section } from '../runbook/model.ts';
import { effectOf, nameOf } from './effects.ts';
import type { Effect } from './effects.ts';
import { partsOf, readCommand } from './words.ts';

/** How a command would start. A script is the document's own text, run as frozen and pinned by its hash. */
export type How =
  | {
      readonly kind: 'argv';
      readonly argv: readonly [string, ...string[]];
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'script'; readonly shell: 'bash' | 'sh'; readonly text: string; readonly why: string }
  | { readonly kind: 'copy' };

/** One command of the document, or what lint or the target gives in its place. Windows name it by its id and nothing else. */
export type ReferenceCommand = {
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly item: ItemId | null;
  readonly line: number | null;
  /** As written. */
  readonly text: string;
  readonly source: 'document' | 'lint' | 'target';
  readonly how: How;
  readonly effect: Effect;
  /** What is typed to confirm it; null where it only looks. */
  readonly confirm: string | null;
  /** Why it is not run from here; null where it can be. */
  readonly refusal: string | null;
  readonly problems: readonly Problem[];
  /** Better forms, those of the target first. */
  readonly instead: readonly ReferenceCommand[];
};

type Context = Pick<RunContext, 'runbook' | 'problems' | 'target' | 'bindings'>;
type Base = Pick<ReferenceCommand, 'id' | 'title' | 'heading' | 'item' | 'line' | 'text' | 'source'>;

const shells = new Set(['bash', 'sh', 'zsh', 'ksh', 'dash', 'shell']);
/** Findings that keep a line from running as written; the others are advice. */
const stoppers = new Set(['no-explicit-cluster', 'destructive-command', 'hidden-characters']);
const blank = /(?<![\w$-])(?:CONTEXT|NAMESPACE|NAME|URL|UNIT|LOG|N|M)(?![\w-])/u;

const sameCommand = (text: string): string =>
  text
    .replaceAll(/(^|\s)#[^\n]*/gu, '$1')
    .replaceAll(/\s+/gu, ' ')
    .trim();

const judged = (
  base: Base,
  how: How,
  refusal: string | null,
  problems: readonly Problem[],
  practice: boolean,
): ReferenceCommand => {
  const parts = how.kind === 'argv' ? [how.argv] : partsOf(base.text);
  const { effect, why } = effectOf(parts, how.kind === 'argv' ? null : base.text);
  const never = effect === 'never' ? `${why ?? ''} It is never run from here.` : null;
  const outside =
    practice && base.source !== 'target' ? 'A practice run touches nothing but the practice service: copy it.' : null;
  const name = how.kind === 'argv' ? nameOf(how.argv) : nameOf(parts.at(-1) ?? ['script']);
  return {
    ...base,
    how,
    effect,
    confirm: effect === 'reads' ? null : name,
    refusal: never ?? refusal ?? outside,
    problems,
    instead: [],
  };
};

const howOf = (
  text: string,
  language: string | null,
  fenced: boolean,
): { readonly how: How; readonly refusal: string | null } => {
  const copy = (refusal: string) => ({ how: { kind: 'copy' } as const, refusal });
  if (language !== null && !shells.has(language.toLowerCase()))
    return copy(`Code in "${language}" is not for a shell: copy it.`);
  const read = readCommand(text);
  if (read.kind === 'argv') return { how: { kind: 'argv', argv: read.argv, env: {} }, refusal: null };
  if (read.kind === 'unclear') return copy(`${read.why} Copy it.`);
  if (!fenced) return copy(`It needs a shell for ${read.why}, and stands in a sentence: copy it.`);
  const shell = language?.toLowerCase() === 'sh' ? 'sh' : 'bash';
  return { how: { kind: 'script', shell, text, why: read.why }, refusal: null };
};

/** The same client asked another question: `psql … -c "…"` with the better statement in its place. */
const askedBetter = (written: string, sql: string): readonly [string, ...string[]] | null => {
  const read = readCommand(written);
  if (read.kind !== 'argv' || !/(?:^|\/)psql$/u.test(read.argv[0])) return null;
  const at = read.argv.findIndex((word) => /^(?:-\w*c|--command)$/u.test(word));
  if (at === -1 || at + 1 >= read.argv.length) return null;
  const [program, ...rest] = read.argv;
  return [program, ...rest.with(at, sql)];
};

/** Lint's correct form, with the target's cluster in its places; what is still open is for people to fill in. */
const corrected = (context: Context, base: Base, problem: Problem, at: number): ReferenceCommand | null => {
  if (problem.fix === null) return null;
  const cluster = context.target.rollback?.kubernetes;
  const text =
    cluster === undefined
      ? problem.fix
      : problem.fix.replaceAll(/\bCONTEXT\b/gu, cluster.context).replaceAll(/\bNAMESPACE\b/gu, cluster.namespace);
  const open = blank.exec(base.text.includes(text) ? '' : text)?.[0];
  const sql = /^\s*select\b/iu.test(text);
  const asked = sql ? askedBetter(base.text, text) : null;
  const { how, refusal } =
    asked === null
      ? howOf(text, sql ? 'SQL' : null, true)
      : { how: { kind: 'argv', argv: asked, env: {} } as const, refusal: null };
  const shown = asked === null ? text : showArguments(asked);
  return judged(
    { ...base, id: `${base.id}+${at + 1}`, title: `Correct form: ${base.title}`, text: shown, source: 'lint' },
    open === undefined ? how : { kind: 'copy' },
    open === undefined ? refusal : `${open} stands for something to fill in: copy it.`,
    [problem],
    context.target.environment === 'practice',
  );
};

const fromTarget = (base: Base, run: readonly string[], env: Readonly<Record<string, string>>, id: string) => {
  const [program = '', ...rest] = run;
  const how: How = { kind: 'argv', argv: [program, ...rest], env };
  return judged({ ...base, id, text: run.join(' '), source: 'target' }, how, null, [], false);
};

const withInstead = (
  context: Context,
  base: Base,
  own: ReferenceCommand,
  problems: readonly Problem[],
): ReferenceCommand => {
  const said = context.target.commands?.instead.find(({ written }) => sameCommand(written) === sameCommand(base.text));
  const bound = context.bindings.find(({ item }) => item === base.item)?.command ?? null;
  const team = [
    ...(said === undefined ? [] : [fromTarget(base, said.run, said.env, `${base.id}+target`)]),
    ...(bound === null || bound.join(' ') === base.text.trim()
      ? []
      : [fromTarget(base, bound, {}, `${base.id}+bound`)]),
  ];
  const lint = problems.flatMap((problem, at) => corrected(context, base, problem, at) ?? []);
  return { ...own, instead: [...team, ...lint] };
};

const commented = (text: string): boolean => text.split('\n').every((line) => /^\s*(?:#.*)?$/u.test(line));

type Place = { readonly heading: string; readonly item: ItemId | null; readonly role: Phase['role'] | null };

const fromStep = (context: Context, command: Command, step: FenceStep, place: Place, id: string): ReferenceCommand => {
  const problems = context.problems.filter(({ line }) => line >= step.span.line && line <= step.span.endLine);
  const stop = problems.find(({ severity, code }) => severity === 'error' || stoppers.has(code));
  const { how, refusal } = howOf(step.command, command.language, command.source === 'fence');
  const base: Base = {
    id,
    // The first line of a script may be a comment; its words are the title, not its sign.
    title: step.title === '' ? (step.command.split('\n')[0] ?? '').replace(/^#+\s+/u, '') : step.title,
    heading: place.heading,
    item: place.item,
    line: step.span.line,
    text: step.command,
    source: 'document',
  };
  const panel =
    place.role === 'rollback' ? 'Rollback steps run in the rollback panel, with its preflight and its guard.' : null;
  const practice = context.target.environment === 'practice';
  return withInstead(context, base, judged(base, how, panel ?? stop?.message ?? refusal, problems, practice), problems);
};

const ofCommands = (context: Context, commands: readonly Command[], place: Place, seen: Map<number, number>) =>
  commands.flatMap((command) =>
    command.steps
      .filter(({ command: text }) => !commented(text))
      .map((step) => {
        const nth = (seen.get(step.span.line) ?? 0) + 1;
        seen.set(step.span.line, nth);
        return fromStep(context, command, step, place, `L${step.span.line}${nth === 1 ? '' : `.${nth}`}`);
      }),
  );

const ownItems = (item: Item): readonly Item[] => [item, ...item.children.flatMap(ownItems)];

const ofSection = (context: Context, section: Section, role: Phase['role'] | null, seen: Map<number, number>) => {
  const heading = section.title;
  return section.blocks.flatMap((block): readonly ReferenceCommand[] => {
    if (block.kind === 'command') return ofCommands(context, [block.command], { heading, item: null, role }, seen);
    if (block.kind !== 'item') return [];
    return ownItems(block.item).flatMap((item) => {
      const nested = item.details.flatMap((detail) => (detail.kind === 'command' ? [detail.command] : []));
      const all = [
        ...new Map([...item.commands, ...nested].map((one) => [`${one.span.line} ${one.text}`, one])).values(),
      ];
      return ofCommands(context, all, { heading, item: item.id, role }, seen);
    });
  });
};

/** Items that the target answers by a command of which the document says nothing. */
const boundAlone = (context: Context, known: readonly ReferenceCommand[]): readonly ReferenceCommand[] =>
  context.bindings.flatMap(({ item: id, command }) => {
    const item =
      command === null || known.some((one) => one.item === id)
        ? null
        : itemsOf(context.runbook).find((one) => one.id === id);
    if (item === null || item === undefined || command === null) return [];
    const heading =
      sectionsOf(context.runbook).find(
        (section) => section.span.line <= item.span.line && section.span.endLine >= item.span.line,
      )?.title ?? '';
    const base: Base = {
      id: `T${item.span.line}`,
      title: item.text,
      heading,
      item: id,
      line: item.span.line,
      text: '',
      source: 'target',
    };
    return [fromTarget(base, command, {}, base.id)];
  });

/** Every command of the document, those of its reference sections first, each once. */
export const referenceOf = (context: Context): readonly ReferenceCommand[] => {
  const seen = new Map<number, number>();
  const { phases, references } = context.runbook;
  const looked = references.flatMap((section) => ofSection(context, section, null, seen));
  const phased = phases.flatMap((phase) =>
    phase.sections.flatMap((section) => ofSection(context, section, phase.role, seen)),
  );
  const known = [...looked, ...phased];
  return [...known, ...boundAlone(context, known)];
};

/** The command of an id, or one of those in its place. */
export const commandById = (all: readonly ReferenceCommand[], id: string): ReferenceCommand | null =>
  all.flatMap((one) => [one, ...one.instead]).find((one) => one.id === id) ?? null;

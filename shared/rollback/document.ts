import type { Command, FenceStep, Problem, Runbook } from '../runbook/model.ts';
import { unitMs } from '../runbook/durations.ts';
import { unplaced } from './placed.ts';
import type { StepSpec } from './plan.ts';

/** A step as the document writes it, with what is wrong about it and, where it can run as written, the step it becomes. */
export type WrittenStep = {
  readonly title: string;
  /** As written, with its comments. */
  readonly text: string;
  readonly line: number;
  readonly problems: readonly Problem[];
  /** Why it can't run as written; null where it can. */
  readonly refusal: string | null;
  readonly spec: StepSpec | null;
};

type Named = { readonly id: string; readonly label: string };

const minute = 60_000;
const shells = new Set(['bash', 'sh', 'zsh', 'ksh', 'dash', 'shell']);
/** Findings that keep a line from ever running: it fails, cuts the service off, or acts on whatever the machine points at. */
const stoppers = new Set(['no-explicit-cluster', 'destructive-command', 'hidden-characters']);

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s*#/u.test(line))
    .join('\n')
    .trim();

/** "(5-10 minutes)" → 5 and 10 minutes in ms; null where the words name no time. */
const spanIn = (text: string): readonly [number, number] | null => {
  const [, from = '', to = from, unit = ''] =
    /(\d+)(?:\s*(?:-|–|to)\s*(\d+))?\s*(seconds?|minutes?|mins?|hours?|[smh])\b/iu.exec(text) ?? [];
  return from === '' ? null : [Number(from) * unitMs(unit), Number(to) * unitMs(unit)];
};

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]{4,}/gu) ?? [];

/** The metrics whose own words all stand in the text: "error rate, latency" names both the error rate and each latency. */
const metricsIn = (text: string, metrics: readonly Named[]): readonly string[] => {
  const said = new Set(words(text));
  return metrics
    .filter(({ label }) => words(label).length > 0 && words(label).every((word) => said.has(word)))
    .map(({ id }) => id);
};

const watchStep = (title: string, text: string, metrics: readonly Named[]): StepSpec => {
  const [least, most] = spanIn(text) ?? [2 * minute, 10 * minute];
  const watched = metricsIn(`${title} ${text}`, metrics);
  return watched.length === 0
    ? { kind: 'ask', label: title, timeout: 60 * minute, with: { question: text.replace(/^#\s*/u, '') } }
    : { kind: 'wait', label: title, timeout: most + minute, with: { metrics: watched, forMs: least } };
};

const refusalOf = (language: string | null, text: string, problems: readonly Problem[]): string | null => {
  if (language !== null && !shells.has(language.toLowerCase()))
    return `A fence in "${language}" is not for a shell; it is shown, never run.`;
  const stop = problems.find(({ severity, code }) => severity === 'error' || stoppers.has(code));
  return stop === undefined ? unplaced(text) : stop.message;
};

/** "$RELEASE" and its like, as a script asks for them; what it sets by itself is its own. */
const asked = /\$\{?(RELEASE|PREVIOUS|SERVICE|FIELD_[A-Z0-9_]+)\b/gu;

/** What the run knows and the script asks for: it comes in through the environment, never into the approved words. */
const environmentOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(asked)]
      .map(([, name = '']) => name)
      .filter((name) => !new RegExp(`^\\s*(?:export\\s+)?${name}=`, 'mu').test(text))
      .map((name) => [
        name,
        `\${${name.startsWith('FIELD_') ? `field.${name.slice('FIELD_'.length).replaceAll('_', '-')}` : name}}`.toLowerCase(),
      ]),
  );

const specOf = (
  step: FenceStep,
  command: Command,
  metrics: readonly Named[],
  sha256: (text: string) => string,
): StepSpec => {
  const runs = withoutComments(step.command);
  const title = step.title === '' ? `Line ${step.span.line}` : step.title;
  if (runs === '')
    return /\b(?:watch|monitor|observe|wait)\b/iu.test(`${title} ${step.command}`)
      ? watchStep(title, step.command, metrics)
      : {
          kind: 'ask',
          label: title,
          timeout: 60 * minute,
          with: { question: step.command.replaceAll(/^#\s*/gmu, '') || title },
        };
  if (/\b(?:notify|announce|tell)\b/iu.test(title))
    return { kind: 'notice', label: title, timeout: minute, with: { text: title } };
  return {
    kind: 'script',
    label: title,
    timeout: 5 * minute,
    with: {
      shell: command.language?.toLowerCase() === 'sh' ? 'sh' : 'bash',
      text: step.command,
      sha256: sha256(step.command),
      env: environmentOf(step.command),
    },
  };
};

/** Languages that only run in a program of their own. A manifest, an answer or a log beside the steps is none of them. */
const programs =
  /^(?:`{3,}|~{3,})\s*(python3?|py|ruby|rb|javascript|js|typescript|ts|node|perl|pl|php|go|rust|java|kotlin|groovy|lua|r)\b[^\n]*\n([\s\S]*?)\n?(?:`{3,}|~{3,})\s*$/iu;

/** A fence that the parser left as text, but that is a step of somebody's plan: it may not be dropped without a word. */
const foreignStep = (markdown: string, line: number): readonly WrittenStep[] => {
  const [, language, text = ''] = programs.exec(markdown.trim()) ?? [];
  return language === undefined
    ? []
    : [{ title: '', text, line, problems: [], refusal: refusalOf(language, text, []), spec: null }];
};

const writtenStep = (
  step: FenceStep,
  command: Command,
  problems: readonly Problem[],
  metrics: readonly Named[],
  sha256: (text: string) => string,
): WrittenStep => {
  const own = problems.filter(({ line }) => line >= step.span.line && line <= step.span.endLine);
  const refusal = withoutComments(step.command) === '' ? null : refusalOf(command.language, step.command, own);
  return {
    title: step.title,
    text: step.command,
    line: step.span.line,
    problems: own,
    refusal,
    spec: refusal === null ? specOf(step, command, metrics, sha256) : null,
  };
};

/**
 * The rollback as the team wrote it: the steps of the fences in its rollback phases, each with lint's findings and
 * correct forms beside it. `sha256` pins the approved words of a script.
 */
export const writtenRollback = (
  runbook: Runbook,
  problems: readonly Problem[],
  metrics: readonly Named[],
  sha256: (text: string) => string,
): readonly WrittenStep[] =>
  runbook.phases
    .filter(({ role }) => role === 'rollback')
    .flatMap(({ sections }) => sections.flatMap(({ blocks }) => blocks))
    .flatMap((block) => {
      if (block.kind === 'text') return foreignStep(block.markdown, block.span.line);
      if (block.kind !== 'command' || block.command.source !== 'fence') return [];
      const { command } = block;
      return command.steps.map((step) => writtenStep(step, command, problems, metrics, sha256));
    });

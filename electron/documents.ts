import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../shared/contract.ts';
import type { RunbookPreview, TargetPreview, UnderstoodDocument } from '../shared/document-views.ts';
import { WarRoomError } from '../shared/errors.ts';
import type { Problem } from '../shared/runbook/model.ts';
import { itemsOf } from '../shared/runbook/walk.ts';
import type { ParsedTarget } from '../shared/target/parse.ts';
import type { Target } from '../shared/target/schema.ts';
import { understand } from './understand.ts';
import type { ReadRunbook } from './runbook/read.ts';
import { parseWithin, readText, usableText } from './runbook/open.ts';
import { readTarget } from './read-target.ts';

export type LoadedRunbook = ReadRunbook & { readonly name: string; readonly text: string };
export type LoadedTarget = { readonly name: string; readonly text: string; readonly target: Target };

/** The checklists and targets that ship with the app, by name without extension. */
export type Bundled = {
  readonly names: () => { readonly runbooks: readonly string[]; readonly targets: readonly string[] };
  readonly read: (file: string) => string | null;
};

const runbookEnd = '.md';
const targetEnd = '.target.yaml';

export const openBundled = (directory: string): Bundled => {
  const files = existsSync(directory) ? readdirSync(directory).sort() : [];
  const named = (end: string): string[] =>
    files.filter((file) => file.endsWith(end)).map((file) => file.slice(0, -end.length));
  return {
    names: () => ({ runbooks: named(runbookEnd), targets: named(targetEnd) }),
    read: (file) => (files.includes(file) ? readFileSync(join(directory, file), 'utf8') : null),
  };
};

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The first problems of a file in one sentence, each with its line. */
const sentence = (name: string, problems: readonly Problem[]): string => {
  const said = problems.slice(0, 3).map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`);
  const more = problems.length > 3 ? ` And ${problems.length - 3} more.` : '';
  return `The target "${name}" can't be used as it is. ${said.join('. ')}.${more}`;
};

export type Documents = {
  /** `inferred` false: only GFM task items count. Refuses a document without a single item. */
  readonly runbook: (source: Source, via: 'desk' | 'served', inferred?: boolean) => Promise<LoadedRunbook>;
  readonly target: (source: Source, via: 'desk' | 'served') => Promise<LoadedTarget>;
  readonly previewRunbook: (source: Source, via: 'desk' | 'served') => Promise<RunbookPreview>;
  readonly previewTarget: (source: Source, via: 'desk' | 'served') => Promise<TargetPreview>;
  readonly understood: (runbook: Source, target: Source, via: 'desk' | 'served') => Promise<UnderstoodDocument>;
};

const runbookPreview = ({ name, text, runbook, problems }: LoadedRunbook): RunbookPreview => {
  const items = itemsOf(runbook);
  return {
    name,
    sha256: sha256(text),
    title: runbook.title,
    items: items.length,
    inferred: items.filter(({ origin }) => origin !== 'task').length,
    phases: runbook.phases.map((phase) => ({ title: phase.title, items: itemsOf(phase).length })),
    problems,
  };
};

type ReadTarget = Pick<LoadedTarget, 'name' | 'text'> & ParsedTarget;

const targetPreview = ({ name, text, target, problems }: ReadTarget): TargetPreview => ({
  name,
  sha256: sha256(text),
  service: target?.service ?? '',
  environment: target?.environment ?? 'development',
  probes: Object.keys(target?.probes ?? {}).length,
  metrics: Object.keys(target?.metrics ?? {}).length,
  repository: target?.repository ?? null,
  problems,
});

/** Reads documents from wherever they come. A served window can't name paths of this machine. */
export const openDocuments = (bundled: Bundled): Documents => {
  const textOf = async (
    source: Source,
    via: 'desk' | 'served',
    end: string,
  ): Promise<{ name: string; text: string }> => {
    if ('text' in source) return { name: source.name, text: usableText(Buffer.from(source.text, 'utf8'), source.name) };
    if ('bundled' in source) {
      const text = bundled.read(source.bundled + end);
      if (text === null)
        throw new WarRoomError('not-found', `Nothing that ships with War Room is called "${source.bundled}".`);
      return { name: source.bundled, text };
    }
    if (via === 'served')
      throw new WarRoomError(
        'not-allowed',
        'A browser cannot open a path of the machine that serves it; choose or drop the file instead.',
      );
    return { name: source.path, text: await readText(source.path) };
  };
  const runbook = async (source: Source, via: 'desk' | 'served', inferred = true): Promise<LoadedRunbook> => {
    const { name, text } = await textOf(source, via, runbookEnd);
    return { name, text, ...(await parseWithin(text, name, { inferred })) };
  };
  const usable: Documents['runbook'] = async (source, via, inferred = true) => {
    const loaded = await runbook(source, via, inferred);
    const [first] = itemsOf(loaded.runbook);
    if (first === undefined)
      throw new WarRoomError(
        'bad-input',
        `"${loaded.name}" holds no step that can be ticked, so there is nothing to run. Write the steps as a list, such as "- [ ] The first step".`,
      );
    return loaded;
  };
  const target = async (source: Source, via: 'desk' | 'served'): Promise<ReadTarget> => {
    const { name, text } = await textOf(source, via, targetEnd);
    return { name, text, ...(await readTarget(text, name)) };
  };
  return {
    runbook: usable,
    target: async (source, via) => {
      const { name, text, target: read, problems } = await target(source, via);
      if (read === null) throw new WarRoomError('bad-input', sentence(name, problems));
      return { name, text, target: read };
    },
    previewRunbook: async (source, via) => runbookPreview(await runbook(source, via)),
    previewTarget: async (source, via) => targetPreview(await target(source, via)),
    understood: async (source, targetSource, via) => {
      const [loaded, read] = await Promise.all([runbook(source, via), target(targetSource, via)]);
      return understand(
        { ...runbookPreview(loaded), text: loaded.text },
        loaded.runbook,
        { ...targetPreview(read), text: read.text },
        read.target,
      );
    },
  };
};

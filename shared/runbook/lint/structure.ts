import { formatCount } from '../../format.ts';
import { roleOf } from '../roles.ts';
import type { Item, Phase, Problem, Section } from '../model.ts';
import { itemsOf } from '../walk.ts';
import { problemAt, type Rule } from './document.ts';

/** What can be taken in at one pause, and what nobody keeps their place in. */
const most = { atAGlance: 9, inPhase: 40, readingS: 90 };
const wordsPerS = 200 / 60;

const steps = (place: Phase | Section): readonly Item[] => itemsOf(place).filter((item) => item.children.length === 0);

/** How long it takes to read what is to be done, in seconds. */
const readingS = (phase: Phase): number =>
  itemsOf(phase).reduce((words, { text }) => words + text.split(/\s+/u).length, 0) / wordsPerS;

const phaseSize = (phase: Phase): readonly [Problem['severity'], code: string, message: string] | null => {
  const count = steps(phase).length;
  if (count > most.inPhase)
    return [
      'error',
      'phase-too-long',
      `${count} items in one phase; people lose their place beyond ${most.inPhase}. Part it.`,
    ];
  const long = Math.round(readingS(phase));
  if (count <= most.atAGlance && long <= most.readingS) return null;
  return [
    'warning',
    'phase-long',
    `${formatCount(count, 'item')} in one phase, about ${long} s to read; up to ${most.atAGlance}, read in ${most.readingS} s, are taken in at one pause. Part it where people can stop.`,
  ];
};

/** Where a phase is long, the sections that make it so. */
const longSections = ({ sections }: Phase): readonly Section[] =>
  sections.length === 1 ? [] : sections.filter((section) => steps(section).length > most.atAGlance);

export const sizes: Rule = ({ source, runbook }) =>
  runbook.phases.flatMap((phase) => {
    const size = phaseSize(phase);
    return [
      ...(size === null ? [] : [problemAt(source, phase.span.line, ...size)]),
      ...longSections(phase).map((section) =>
        problemAt(
          source,
          section.span.line,
          'note',
          'section-too-long',
          `${steps(section).length} items in one section; up to ${most.atAGlance} can be taken in at a glance.`,
        ),
      ),
    ];
  });

/** A text without a single step is opened and shown, but there is nothing in it to run. */
export const nothingToDo: Rule = ({ source, runbook }) =>
  itemsOf(runbook).length > 0
    ? []
    : [
        problemAt(
          source,
          1,
          'error',
          'no-items',
          source.lines.every((line) => line.trim() === '')
            ? 'The file is empty.'
            : 'There is no step here that can be ticked. Write the steps as a list of boxes.',
          '- [ ] The first step',
        ),
      ];

export const noRollback: Rule = ({ source, runbook }) => {
  const titles = [
    ...runbook.phases.flatMap((phase) => [phase.title, ...phase.sections.map((section) => section.title)]),
    ...runbook.references.map((section) => section.title),
  ];
  const told =
    runbook.phases.some((phase) => phase.role === 'rollback') ||
    titles.some((title) => roleOf(title) === 'rollback') ||
    // A fold's summary is the heading of what it folds away.
    source.lines.some((line) => /<summary\b[^>]*>[^<]*(?:roll[- ]?back|back[- ]?out)/iu.test(line));
  if (told || runbook.phases.length === 0) return [];
  return [
    problemAt(
      source,
      1,
      'warning',
      'no-rollback',
      'No heading says how to go back. Write it while nothing is on fire.',
      '## Rollback\n- [ ] Decide: who, by when, on which numbers\n- [ ] Bring the old version up, verify, then take the new one down\n- [ ] Tell the team',
    ),
  ];
};

const owner =
  /\bowner\b|\bresponsible\b|\blead\b|\bengineer\b|\bon-?call\b|\bmanager\b|\bassignee\b|\bteam:|@[\w-]+|\bDRI\b|\bRACI\b|\bassigned to\b|\bby:/iu;

export const noOwner: Rule = ({ source, runbook }) =>
  runbook.phases.flatMap((phase) => {
    const words = [
      phase.title,
      ...phase.sections.flatMap((section) => [
        section.title,
        ...section.blocks.flatMap((block) =>
          block.kind === 'text' ? [block.markdown] : block.kind === 'form' ? [block.text] : [],
        ),
      ]),
    ];
    return words.some((text) => owner.test(text))
      ? []
      : [
          problemAt(
            source,
            phase.span.line,
            'note',
            'no-owner',
            `Nobody is named for "${phase.title === '' ? 'this list' : phase.title}". Say who leads it.`,
            '**Owner**: ____________',
          ),
        ];
  });

export const tickedAlready: Rule = ({ source, items }) => {
  const ticked = items.filter(({ item }) => item.checked);
  const first = ticked[0];
  if (first === undefined) return [];
  const others =
    ticked.length === 1
      ? ''
      : ` ${ticked.length} boxes are: lines ${ticked
          .slice(0, 8)
          .map(({ item }) => item.span.line)
          .join(', ')}${ticked.length > 8 ? ' …' : ''}.`;
  return [
    problemAt(
      source,
      first.item.span.line,
      'warning',
      'ticked-already',
      `This box is ticked before the run begins.${others} A run starts with every box empty.`,
      (source.lines[first.item.span.line - 1] ?? '').trim().replace(/\[[xX]\]/u, '[ ]'),
    ),
  ];
};

export const duplicateItems: Rule = ({ source, items }) => {
  const seen = new Map<string, number>();
  return items.flatMap(({ item, section }) => {
    const key = `${section.id}\n${item.depth}\n${item.text.toLowerCase()}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, item.span.line);
      return [];
    }
    return item.text === ''
      ? []
      : [
          problemAt(
            source,
            item.span.line,
            'warning',
            'duplicate-item',
            `Says the same as line ${first}: one of the two will be ticked for both.`,
          ),
        ];
  });
};

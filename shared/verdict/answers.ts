import type { NewEvent } from '../events.ts';
import type { Checklist } from '../projections/checklist.ts';
import type { Choice, Field, ItemId } from '../runbook/model.ts';
import { sameWords } from '../target/bind.ts';
import type { BoundItem } from '../target/bind.ts';
import type { Judgement } from './contract.ts';
import type { VerdictState } from './model.ts';
import { numberWords } from './words.ts';

/** What stands as the source of an answer that a verdict gave. */
export const byVerdict = 'verdict';

type Answer = 'yes' | 'no' | 'similar';

const harmed: ReadonlySet<VerdictState> = new Set(['bad', 'worse', 'shape-changed']);
const untold: ReadonlySet<VerdictState> = new Set(['not-enough-data', 'not-judged']);

/** Better than before? No as soon as one of them is worse; no answer while one can't be told; else the best that holds for all. */
const answerOf = (states: readonly VerdictState[]): Answer | null => {
  if (states.some((state) => harmed.has(state))) return 'no';
  if (states.length === 0 || states.some((state) => untold.has(state))) return null;
  return states.includes('better') ? 'yes' : 'similar';
};

/** The option that says so; where there is only Yes and No, as well as before is a yes. */
const optionFor = (field: Choice, answer: Answer): string | null => {
  const named = (word: string): string | undefined =>
    field.options.map(({ label }) => label).find((label) => sameWords(label) === word);
  if (named('yes') === undefined || named('no') === undefined) return null;
  return named(answer) ?? named('yes') ?? null;
};

/** "API latency p95 BAD: 710 ms, before 296 ms". */
const shortOf = ({ label, state, value, baseline, unit = '' }: Judgement['metrics'][number]): string => {
  const say = (number: number | null): string =>
    number === null ? 'nothing' : `${numberWords(number)}${unit === '' ? '' : ` ${unit}`}`;
  return `${label} ${state.replaceAll('-', ' ')}: ${say(value)}, before ${say(baseline)}`;
};

type Sight = {
  readonly bindings: readonly BoundItem[];
  readonly fields: ReadonlyMap<ItemId, readonly Field[]>;
  readonly checklist: () => Checklist;
  /** Whether the time has come to answer an item: what is asked after eight hours is not answered after two minutes. */
  readonly isOpen: (item: ItemId) => boolean;
};

const endOf = (option: string, answer: Answer): string =>
  answer === 'no' ? `${option}. Say why: is it expected, or an issue?` : `${option}.`;

/**
 * The answers that a verdict gives to the document: questions with Yes and No (and Similar) of items bound to metrics, each with
 * its numbers as a note. What a person answered stays, and so does an answer that would only be said again.
 */
export const answersOf = (judgement: Judgement, { bindings, fields, checklist, isOpen }: Sight): NewEvent[] => {
  const states = new Map(judgement.metrics.map((metric) => [metric.metric, metric]));
  return bindings.flatMap(({ item, by, metrics }): NewEvent[] => {
    const field = fields.get(item)?.find((candidate) => candidate.kind === 'choice');
    if (by !== 'assisted' || field === undefined || metrics.length === 0 || !isOpen(item)) return [];
    const own = metrics.flatMap((metric) => states.get(metric) ?? []);
    const answer = own.length < metrics.length ? null : answerOf(own.map(({ state }) => state));
    const option = answer === null ? null : optionFor(field, answer);
    const known = checklist().fields.get(field.id);
    const byPerson = known !== undefined && known.value !== '' && known.metric !== byVerdict;
    if (answer === null || option === null || byPerson || known?.value === option) return [];
    const telling = answer === 'no' ? own.filter(({ state }) => harmed.has(state)) : own;
    const text = `${endOf(option, answer)} ${telling.map(shortOf).join('; ')}. By the verdict ${judgement.digest.slice(0, 12)}.`;
    return [
      { type: 'field-filled', body: { field: field.id, item, value: option, metric: byVerdict } },
      { type: 'item-noted', body: { item, text } },
    ];
  });
};

import { isMap, isNode, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import { bindItems, sameWords } from '../target/bind.ts';
import type { Target } from '../target/schema.ts';
import type { Item, ItemId, Runbook, Section } from './model.ts';
import { itemsOf } from './walk.ts';

/** A proposal to let a probe or metrics answer an item; nothing is bound before a person accepts it. */
export type Suggestion = {
  readonly item: ItemId;
  readonly words: string;
  /** The heading to name in the file, where the words repeat. */
  readonly section: string | null;
  readonly probe: string | null;
  readonly metrics: readonly string[];
  /** Blank label → metric. */
  readonly fields: Readonly<Record<string, string>>;
  readonly reason: string;
};

// Words that every item and every probe says, and so tell nothing apart.
const hollow = new Set(
  `a an and any are as at be been by can check checked checks complete completed configured correctly current do document
  does each ensure error-free expected for from functional functioning functionality get good has have health healthy if in
  is it its loaded make missing must new no normal not of ok on or operation operational operations over per post put ready
  record remain remains responding response running should stable still success successful successfully sure test tested that
  the then there this to up validate validated verified verify was we with within without work working works you your
  acceptable active available all critical service services spike`.split(/\s+/u),
);

/** One idea, one word, so that "SSL certificates" meets a probe of kind tls called "Certificate". */
const ideas: readonly (readonly [RegExp, string])[] = [
  [/^(?:db|database|postgres|postgresql|pg|mysql|sql)$/u, 'database'],
  [/^(?:ssl|tls|https|cert|certificate)$/u, 'certificate'],
  [/^(?:ws|websocket|socket)$/u, 'websocket'],
  [/^(?:auth|authentication|login|logon|signin|credential)$/u, 'login'],
  [/^(?:ram|memory|heap)$/u, 'memory'],
  [/^(?:cpu|processor)$/u, 'cpu'],
  [/^(?:k8s|kubernetes|pod|kubectl)$/u, 'pod'],
  [/^(?:latency|duration|slowness)$/u, 'latency'],
  [/^(?:dns|nameserver|hostname)$/u, 'dns'],
  [/^(?:sms|texting|telnyx|twilio)$/u, 'sms'],
  [/^(?:billing|payment|invoice|stripe)$/u, 'billing'],
  [/^(?:lb|balancer|loadbalancer)$/u, 'balancer'],
  [/^(?:oncall|pager|pagerduty)$/u, 'oncall'],
  [/^(?:log|logging|logfile)$/u, 'log'],
  [/^(?:upload|attachment|s3)$/u, 'upload'],
];

const stem = (word: string): string =>
  word
    .replace(/(?<=\w{3})(?:ies)$/u, 'y')
    .replace(/(?<=[^s]{2})s$/u, '')
    .replace(/(?<=\w{4})ing$/u, '');

function tokensOf(text: string): ReadonlySet<string> {
  const split =
    text
      .toLowerCase()
      .replace(/on-call/gu, 'oncall')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(
    split
      .filter((word) => !hollow.has(word) && !/^\d+$/u.test(word))
      .map(
        (word) =>
          ideas.find(([pattern]) => pattern.test(word.replace(/s$/u, '')) || pattern.test(word))?.[1] ?? stem(word),
      ),
  );
}

type Candidate = {
  readonly id: string;
  readonly kind: 'probe' | 'metric';
  readonly label: string;
  readonly unit: string;
  readonly tokens: ReadonlySet<string>;
};

function candidatesOf(target: Target): readonly Candidate[] {
  const probes = Object.entries(target.probes).map(([id, probe]): Candidate => {
    const kind = /^(?:http|command|log)$/u.test(probe.kind) ? '' : probe.kind;
    return {
      id,
      kind: 'probe',
      label: probe.label,
      unit: '',
      tokens: tokensOf(`${id.replaceAll('-', ' ')} ${probe.label} ${kind}`),
    };
  });
  const metrics = Object.entries(target.metrics).map(([id, metric]): Candidate => ({
    id,
    kind: 'metric',
    label: metric.label,
    unit: metric.unit,
    tokens: tokensOf(`${id.replaceAll('-', ' ')} ${metric.label}`),
  }));
  return [...probes, ...metrics];
}

type Match = { readonly candidate: Candidate; readonly score: number; readonly shared: readonly string[] };

/** Rare words weigh more: "redis" says which probe is meant, "rate" says little. */
const weigher = (candidates: readonly Candidate[]): ((token: string) => number) => {
  const seen = new Map<string, number>();
  for (const { tokens } of candidates) for (const token of tokens) seen.set(token, (seen.get(token) ?? 0) + 1);
  return (token) => 1 / Math.log2(2 + (seen.get(token) ?? 0));
};

function bestOf(
  words: string,
  numeric: boolean,
  unit: string | null,
  candidates: readonly Candidate[],
  weigh: (token: string) => number,
): Match | null {
  const asked = tokensOf(words);
  const matches = candidates
    .map((candidate): Match => {
      const shared = [...asked].filter((token) => candidate.tokens.has(token));
      const sum = (tokens: Iterable<string>): number => [...tokens].reduce((total, token) => total + weigh(token), 0);
      // Dice over the weights: what both say, against everything either says.
      const dice = (2 * sum(shared)) / (sum(asked) + sum(candidate.tokens) || 1);
      const fit = (candidate.kind === 'metric') === numeric ? 0.1 : 0;
      const units = unit !== null && candidate.unit === unit ? 0.15 : 0;
      return { candidate, score: shared.length === 0 ? 0 : dice + fit + units, shared };
    })
    .sort((a, b) => b.score - a.score);
  const [first, second] = matches;
  // Two that fit alike are no answer; a person chooses.
  if (first === undefined || first.score < 0.45 || (second !== undefined && first.score - second.score < 0.02))
    return null;
  return first;
}

const said = (match: Match): string => {
  const what = match.candidate.kind === 'probe' ? 'the probe' : 'the metric';
  return `Both say ${match.shared.map((token) => `"${token}"`).join(', ')}: ${what} "${match.candidate.label}".`;
};

type Placed = { readonly item: Item; readonly section: Section; readonly phase: string };

function suggestFor(
  { item, section, phase }: Placed,
  repeated: boolean,
  candidates: readonly Candidate[],
  weigh: (token: string) => number,
): readonly Suggestion[] {
  const blanks = item.fields.flatMap((field) =>
    field.kind === 'blank' && field.value === 'number' && field.reference !== true ? [field] : [],
  );
  const fields = blanks.flatMap((blank): readonly (readonly [string, Match])[] => {
    const metrics = candidates.filter(({ kind }) => kind === 'metric');
    const words = blanks.length > 1 ? `${item.text} ${blank.label}` : item.text;
    const match = bestOf(words, true, blank.unit, metrics, weigh);
    return match === null ? [] : [[blank.label, match]];
  });
  const numeric = item.limits.length > 0;
  const unit = item.limits[0]?.unit ?? null;
  const own = blanks.length > 0 ? (fields[0]?.[1] ?? null) : bestOf(item.text, numeric, unit, candidates, weigh);
  if (own === null) return [];
  const metrics =
    fields.length > 0
      ? [...new Set(fields.map(([, match]) => match.candidate.id))]
      : own.candidate.kind === 'metric'
        ? [own.candidate.id]
        : [];
  return [
    {
      item: item.id,
      words: item.text,
      section: repeated ? section.title || phase : null,
      probe: own.candidate.kind === 'probe' ? own.candidate.id : null,
      metrics,
      fields: Object.fromEntries(fields.map(([label, match]) => [label, match.candidate.id])),
      reason: said(own),
    },
  ];
}

/** Proposals for the items that no binding of the target answers yet, in document order. */
export function suggestBindings(runbook: Runbook, target: Target): readonly Suggestion[] {
  const bound = new Set(bindItems(runbook, target).bound.map(({ item }) => item));
  const candidates = candidatesOf(target);
  const weigh = weigher(candidates);
  const counts = new Map<string, number>();
  for (const item of itemsOf(runbook)) counts.set(sameWords(item.text), (counts.get(sameWords(item.text)) ?? 0) + 1);
  return runbook.phases.flatMap((phase) =>
    phase.sections.flatMap((section) =>
      itemsOf(section)
        // What has items below it is settled by them: a binding of its own would never be asked.
        .filter((item) => !bound.has(item.id) && item.text !== '' && item.children.length === 0)
        .flatMap((item) =>
          suggestFor(
            { item, section, phase: phase.title },
            (counts.get(sameWords(item.text)) ?? 0) > 1,
            candidates,
            weigh,
          ),
        ),
    ),
  );
}

const bindingOf = ({ words, section, probe, metrics, fields, reason }: Suggestion): Record<string, unknown> => ({
  item: words,
  ...(section === null ? {} : { section }),
  by: 'sensed',
  ...(probe === null ? {} : { probe }),
  ...(metrics.length === 0 ? {} : { metric: metrics.length === 1 ? metrics[0] : metrics }),
  ...(Object.keys(fields).length === 0 ? {} : { fields }),
  note: reason,
});

/** The accepted proposals as items of a block sequence whose dashes stand `indent` deep. */
const written = (accepted: readonly Suggestion[], indent: string): string =>
  stringify(accepted.map(bindingOf), { lineWidth: 0, singleQuote: true }).replace(/^(?=.)/gmu, indent);

/** The end of the line that `offset` is on, its line end not included. */
const lineEnd = (text: string, offset: number): number => {
  const at = text.slice(offset).search(/\r?\n/u);
  return at < 0 ? text.length : offset + at;
};

/**
 * The target file with the accepted proposals at the end of its bindings. Text is only added: every comment, quote and
 * order stays as the team wrote it. `yaml` must be a target that parses.
 */
export function acceptBindings(yaml: string, accepted: readonly Suggestion[]): string {
  if (accepted.length === 0) return yaml;
  const document = parseDocument(yaml);
  const bindings: unknown = document.get('bindings', true);
  const items = isSeq(bindings) ? bindings.items : [];
  const last = items.at(-1);
  const first = items[0];
  if (isSeq(bindings) && bindings.flow !== true && isNode(first) && isNode(last)) {
    const dash = yaml.lastIndexOf('-', first.range?.[0] ?? 0);
    const indent = yaml.slice(yaml.lastIndexOf('\n', dash) + 1, dash);
    // A block's value ends behind its line end, a flow's before it.
    const ended = (last.range?.[1] ?? 0) - (yaml[(last.range?.[1] ?? 0) - 1] === '\n' ? 1 : 0);
    const at = lineEnd(yaml, ended);
    return `${yaml.slice(0, at)}\n${written(accepted, indent).trimEnd()}${yaml.slice(at)}`;
  }
  const block = `bindings:\n${written(accepted, '  ').trimEnd()}`;
  const pair = isMap(document.contents)
    ? document.contents.items.find(({ key }) => isScalar(key) && key.value === 'bindings')
    : undefined;
  if (pair === undefined || !isNode(pair.key)) return `${yaml.replace(/\s*$/u, '')}\n\n${block}\n`;
  if (items.length > 0) {
    document.set('bindings', document.createNode([...items, ...accepted.map(bindingOf)]));
    return document.toString({ lineWidth: 0 });
  }
  const end = isNode(pair.value) ? (pair.value.range?.[1] ?? 0) : (pair.key.range?.[1] ?? 0) + 1;
  return `${yaml.slice(0, pair.key.range?.[0] ?? 0)}${block}${yaml.slice(Math.max(end, pair.key.range?.[1] ?? 0))}`;
}

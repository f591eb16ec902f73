import { startChecks } from '../../electron/rollback/checks.ts';
import { viewOf } from '../../electron/rollback/cluster.ts';
import { freezeStep } from '../../electron/rollback/freeze.ts';
import { shapeBundled } from '../../electron/rollback/plan-checks.ts';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { rollbackSchema } from '../../shared/rollback/config.ts';
import { awkwardWords } from '../awkward-words.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { goBack, openBenchDesk } from './rollback-desk.ts';
import type { BenchDesk } from './rollback-desk.ts';

/** `same`: every byte arrived. `refused`: nothing was started. `other` is what must never be. */
type Seen = 'same' | 'refused' | 'other';
type Source = { readonly name: string; readonly text: string };

/** Says exactly which arguments it got, and what stands in its environment. */
const tell = 'process.stdout.write(JSON.stringify([process.argv.slice(1), process.env.ONE, process.env.TWO]))';
const asking = '# R\n\n## Deploy\n\n- [ ] Ticket: ________\n';

/** What a target writes with "${" is a place for a value; only words without one stand for themselves. */
const literal = (word: string): string => (word.includes('${') ? 'plain' : word);

/** A service has a name that a person can type. */
const serviceOf = (word: string): string => `s${word.slice(0, 100)}`;

const targetWith = (word: string, rollback: unknown): Source => ({
  name: 't.yaml',
  text: JSON.stringify({ version: 1, service: serviceOf(word), environment: 'staging', cluster: 'stage', rollback }),
});

/** The target's own words, the release, the version before, the service and a field that a person filled. */
const places = (word: string): readonly string[] => [
  literal(word),
  ...['${release}', '${previous}', '${service}', '${field.ticket}', 'a${release}b'],
];
const telling = (word: string, before: readonly string[]): unknown => ({
  kind: 'command',
  label: 'Tell',
  timeout: '20s',
  with: {
    argv: [process.execPath, '-e', tell, ...before, ...places(word)],
    env: { ONE: '${release}', TWO: '${field.ticket}' },
  },
});

const outputOf = async (client: Client, runId: RunId, rollback: string): Promise<string> => {
  let text = '';
  for await (const piece of await client.rollback.output({ runId, rollback, step: '1' })) text += piece.text;
  return text;
};

/** Rolls a run back whose words are these, and says what its first step said; null where it was refused on the way. */
const saidWith = async (desk: BenchDesk, word: string, document: string, target: Source): Promise<string | null> => {
  const client = desk.windowOf('first');
  const runbook = { name: 'r.md', text: document };
  let runId: RunId;
  try {
    ({ runId } = await client.runs.start({ runbook, target, release: word, plannedT0: null }));
  } catch {
    return null; // The run itself does not take it, so that nothing can come of it.
  }
  const { fill } = client.checklist;
  await fill({ runId, field: 'ticket.ticket', value: word });
  const watched = desk.watch(runId);
  try {
    const armed = await goBack(desk, client, watched, { runId, typed: `${serviceOf(word)}@stage` });
    if (armed === null) {
      const rollback = watched.last()?.id ?? '';
      await client.rollback.abort({ runId, rollback, reason: 'the bench has seen it' });
      return null;
    }
    await client.rollback.confirm(armed);
    await watched.until((last) => last?.state === 'finished' || last?.state === 'held');
    const said = await outputOf(client, runId, armed.rollback);
    if (watched.last()?.state === 'held')
      await client.rollback.abort({ runId, rollback: armed.rollback, reason: 'the bench has seen it' });
    return said;
  } finally {
    watched.stop();
    await client.runs.close({ runId, reason: 'the bench has seen it' });
  }
};

const asArguments = async (desk: BenchDesk, word: string): Promise<Seen> => {
  const rollback = { to: word, steps: [telling(word, ['--'])] };
  const said = await saidWith(desk, word, asking, targetWith(word, rollback));
  const values = [literal(word), word, word, serviceOf(word), word, `a${word}b`];
  return said === null ? 'refused' : said === JSON.stringify([values, word, word]) ? 'same' : 'other';
};

const asOption = async (desk: BenchDesk, word: string): Promise<Seen> => {
  const rollback = { to: word, steps: [telling('plain', [])] };
  return (await saidWith(desk, word, asking, targetWith(word, rollback))) === null ? 'refused' : 'other';
};

/** A fence of the document that holds the word as it is, and takes the release through its environment. */
const inDocument = async (desk: BenchDesk, word: string): Promise<Seen> => {
  const fence = `# 1. Write it\ncat <<'THE END'\n${word}\nTHE END\nprintf %s "$RELEASE"`;
  const document = `${asking}\n## Rollback\n\n\`\`\`bash\n${fence}\n\`\`\`\n`;
  const said = await saidWith(desk, word, document, targetWith(word, undefined));
  // The line ends of a document are its editor's; those of a script are what a shell reads.
  const approved = word.replaceAll('\r\n', '\n');
  return said === null ? 'refused' : said === `${approved}\n${word}` ? 'same' : 'other';
};

const labels = { app: 'api', track: 'previous' };
const meta = (name: string, more = {}) => ({ name, labels, annotations: {}, ...more });
const plans = [
  { name: 'two-deployments', current: 'api', previous: 'api-previous', labels },
  { name: 'one-deployment', deployment: 'api' },
] as const;

/** The arguments that both bundled plans come to in a cluster whose every free text is this word. */
const argumentsIn = async (word: string): Promise<string> => {
  const template = (image: string) => ({
    metadata: { labels },
    spec: { containers: [{ image: `r/${image}:${word}` }] },
  });
  const annotations = { 'deployment.kubernetes.io/revision': '2', note: word };
  const owner = (name: string) => ({ ownerReferences: [{ kind: 'Deployment', name }] });
  const deployment = (name: string) => ({
    kind: 'Deployment',
    metadata: meta(name, { annotations: { ...annotations, 'deployment.kubernetes.io/revision': '3' } }),
    spec: { replicas: 3, template: template(name) },
  });
  const set = (name: string) => ({
    kind: 'ReplicaSet',
    metadata: meta(`${name}-${word}`, { annotations, ...owner(name) }),
    spec: { template: template(`${name}-old`) },
  });
  const pod = { kind: 'Pod', metadata: meta(word), status: { phase: word } };
  const service = { kind: 'Service', metadata: meta('api'), spec: { selector: { app: word, [word]: word } } };
  const items = [...['api', 'api-previous'].flatMap((name) => [deployment(name), set(name)]), pod, service];
  const kubernetes = { context: 'c', namespace: 'n', service: 'api' };
  const pinned = { revisions: [{ deployment: 'api', revision: 2, image: `r/api-old:${word}` }] };
  const all: unknown[] = [];
  for (const plan of plans) {
    const config = rollbackSchema.parse({ kubernetes, plan });
    if (config.plan === undefined || config.kubernetes === undefined) continue;
    const view = viewOf({ items }, 0);
    const shaped = await shapeBundled(startChecks(), config.plan, config.kubernetes, view, pinned);
    for (const [at, spec] of (shaped?.specs ?? []).entries())
      all.push((await freezeStep(spec, at, { variable: () => null, place: kubernetes })).argv);
  }
  return JSON.stringify(all);
};

/** A few at a time, each in a run of its own. */
const atOnce = 3;

const tally = async (words: readonly string[], see: (word: string) => Promise<Seen>) => {
  const counts: Record<Seen, number> = { same: 0, refused: 0, other: 0 };
  const left = words.values();
  const work = async (): Promise<void> => {
    for (const word of left) {
      const seen = await see(word);
      counts[seen] += 1;
      if (seen === 'other') console.log(`not byte-identical: ${JSON.stringify(word)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return counts;
};

/**
 * More than 200 awkward words in every place that a value can come from: arguments and environment filled from the
 * target, the release, the version before, the service and a field; a fence of the document; and the cluster's answers.
 */
export async function* rollbackWords(words = awkwardWords): AsyncGenerator<Figure> {
  const desk = await openBenchDesk();
  const said = (place: string, { same, refused, other }: Record<Seen, number>): readonly Figure[] => [
    figure(`rollback: awkward words ${place}, byte-identical`, same, 'words', words.length),
    figure(`rollback: awkward words ${place}, refused`, refused, 'words', null),
    figure(`rollback: awkward words ${place}, anything else`, other, 'words', null),
  ];
  try {
    yield* said('as arguments and values', await tally(words, (word) => asArguments(desk, word)));
    yield* said('in a fence of the document', await tally(words, (word) => inDocument(desk, word)));
    const plain = await argumentsIn('1.0.0');
    yield* said(
      "in the cluster's answers",
      await tally(words, async (word) => ((await argumentsIn(word)) === plain ? 'same' : 'other')),
    );
    const options = words.filter((word) => word.startsWith('-'));
    const { refused } = await tally(options, (word) => asOption(desk, word));
    yield figure('rollback: values read as options without "--", refused', refused, 'words', options.length);
  } finally {
    await desk.close();
  }
}

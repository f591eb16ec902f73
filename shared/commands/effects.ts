import { readsOnly } from './tools.ts';

/** What running a command does to the world, as far as its words tell. What no table knows changes something. */
export type Effect = 'reads' | 'changes' | 'never';
export type Judged = { readonly effect: Effect; readonly why: string | null };

/** Never run from here, whoever confirms it: what is gone afterwards can't be looked at, or put back. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/\bflush(?:db|all)\b/iu, 'It deletes a whole cache, with the sessions and queues in it.'],
  [
    /\bdrop\s+(?:table|database|schema|index|column|view|materialized|role|user|owned|extension|function|type|sequence|tablespace)\b/iu,
    'It drops data for good.',
  ],
  [/\btruncate\b/iu, 'It empties a table or a file.'],
  [/\bdelete\s+from\b/iu, 'It deletes rows.'],
  [/\b(?:dropDatabase|deleteMany|deleteOne|drop\(\))/u, 'It deletes documents.'],
  [
    /(?:^|[\s;|&(`"'/])(?:rm|rmdir|unlink|shred|wipefs|mkfs(?:\.\w+)?|dropdb|dropuser)(?=$|[\s"'])/u,
    'It deletes files or disks.',
  ],
  [/\bdd\b.*\bof=/u, 'It overwrites a file or a disk.'],
  [/\bfind\b.*\s-(?:delete|exec)\b/u, 'It deletes or changes every file that it finds.'],
  [/\bredis-cli\b.*\b(?:del|unlink|shutdown|debug)\b/iu, 'It deletes keys, or ends the server.'],
  [
    /\b(?:kubectl|oc|helm|terraform|pulumi|gcloud|az|doctl|flyctl|heroku|eksctl|argocd)\b.*\s(?:delete|destroy|uninstall|purge|drain)\b/u,
    'It takes things away that a rollback may need.',
  ],
  [/\bscale\b.*--replicas[= ]0\b/u, 'It takes every pod away. The rollback has a step for that, with a guard.'],
  [/\baws\b.*\s(?:rm|rb|delete-[\w-]+|terminate-[\w-]+)\b/u, 'It deletes from the cloud account.'],
  [
    /\bdocker\b.*\s(?:rm|rmi|prune)\b|\bdocker\b.*\bdown\b.*(?:\s-v\b|--volumes)/u,
    'It deletes containers or their data.',
  ],
  [/\bgit\b.*\b(?:push\b.*(?:--force\b|\s-f\b)|reset\s+--hard|clean\s+-\w*f|branch\s+-D)/u, 'It throws work away.'],
  [/\bcurl\b.*(?:-X|--request)[= ]?["']?DELETE\b/iu, 'It asks a service to delete something.'],
  [
    /\b(?:kubectl|oc)\b.*\bsecrets?\b.*(?:-o|--output)[= ]?(?:yaml|json|jsonpath|go-template|custom)/u,
    'It prints secrets.',
  ],
  [/(?:^|[\s;|&])(?:shutdown|reboot|halt|poweroff|init\s+[06])\b/u, 'It ends a machine.'],
];

/** Runs another command: what counts is that one. */
const wrappers = /^(?:env|nice|nohup|stdbuf|time|timeout|watch|xargs|npx)$/u;

const programOf = (word: string): string => word.replace(/^.*[/\\]/u, '').replace(/\.exe$/iu, '');

const unwrapped = (argv: readonly string[]): readonly string[] => {
  let rest = argv;
  while (wrappers.test(programOf(rest[0] ?? ''))) {
    const next = rest.findIndex((word, at) => at > 0 && !/^-|^\w+=|^\d+[smh]?$/u.test(word));
    if (next === -1) return rest;
    rest = rest.slice(next);
  }
  return rest;
};

const redirects = /(?<![0-9&])[12&]?>>?(?!\s*(?:&[12]|\/dev\/null))/u;

const neverOf = (text: string): string | null => forbidden.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** `script` is the text that a shell would get; then every part of it counts, and so does where its output goes. */
export const effectOf = (parts: readonly (readonly string[])[], script: string | null): Judged => {
  const text = script ?? parts.map((words) => words.join(' ')).join('\n');
  const why = neverOf(text) ?? neverOf(text.replaceAll(/["'\\]/gu, ''));
  if (why !== null) return { effect: 'never', why };
  const quiet = script?.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/gu, '') ?? '';
  if (redirects.test(quiet)) return { effect: 'changes', why: 'It writes a file.' };
  const changing = parts.map(unwrapped).find(([program = '', ...rest]) => !readsOnly(programOf(program), rest));
  return changing === undefined
    ? { effect: 'reads', why: null }
    : { effect: 'changes', why: `"${programOf(changing[0] ?? '')}" may change something.` };
};

/** What a person types to confirm a changing command: its program with the plain words behind it. */
export const nameOf = (argv: readonly string[]): string => {
  const end = argv.findIndex((word, at) => at > 0 && (at > 2 || !/^[a-z][\w:.-]*$/u.test(word)));
  return [programOf(argv[0] ?? ''), ...argv.slice(1, end === -1 ? argv.length : end)].join(' ');
};

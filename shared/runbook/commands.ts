import type { Command, FenceStep, Span } from './model.ts';

/** Tools whose name at the start of code in a sentence makes it a command. Anything else there is a name, a path or a value. */
const tools = new Set(
  `ansible ansible-playbook apt apt-get aws az bash brew bundle cap cargo cat cd chmod chown composer cp createdb curl cypress
  deno df dig docker docker-compose dotnet dropdb du echo env eslint ethtool export fastlane firebase flux fly flyctl free gcloud gh git
  go gradle grep gunzip head helm heroku host htop ifconfig iostat ip jest journalctl jq k6 k9s kill kubectl kustomize
  lerna less ln ls lsof make mix mkdir mongo mongodump mongosh mv mvn mysql mysqldump nano nc netlify netstat nginx node npm nslookup npx nx
  openssl pg_dump pg_restore php ping pip pip3 pipenv playwright pm2 pnpm podman poetry printenv prisma ps psql pulumi pytest python
  python3 rails rake redis-cli restic rm rsync ruby sam scp sed serverless sh ss ssh sudo supabase supervisorctl systemctl tail
  tar tee telnet terraform test tmux top touch traceroute tsc turbo uptime uv vault vercel vim wc wget whoami wrangler yarn yum zip
  argocd skaffold istioctl eksctl kubectx stern rtk twine tox ruff uvicorn gunicorn alembic flask django-admin sqlite3`
    .split(/\s+/u)
    .filter((tool) => tool !== ''),
);

const shells =
  /^(?:ba|z|da|k|fi)?sh$|^(?:shell|console|terminal|shell-?session|powershell|pwsh|ps1?|cmd|bat|batch|dosbatch|sql|psql|redis)$/iu;
const other = /^[A-Za-z]/u;

const withoutPrompt = (line: string): string => line.replace(/^\s*(?:\$|%|>|PS [^>]*>)\s+(?=\S)/u, '');

/** True for code in a sentence that starts with a well-known tool, a script's path or a prompt. */
export function readsAsCommand(code: string): boolean {
  const text = code.trim();
  if (/^\$\s+\S/u.test(text)) return true;
  // SQL that changes what cannot be had back is a command wherever it stands.
  if (/^(?:DROP|TRUNCATE|DELETE\s+FROM|ALTER\s+TABLE)\s+\S/u.test(text)) return true;
  if (/^\.{1,2}\/\S+\.(?:sh|py|js|ts|rb|ps1|pl)\b/u.test(text)) return true;
  const [first = '', second] = text
    .replace(/^(?:[A-Z_][A-Z0-9_]*=\S*\s+)+/u, '')
    .replace(/^sudo\s+/u, '')
    .split(/\s+/u);
  // One word alone ("git", "test", "docker") names the tool; "make", "ls" and their like need an argument to be a step.
  return tools.has(first) && second !== undefined;
}

/** Whether a fence holds commands: by its language, and where it has none by its first line. */
export function fenceIsCommand(language: string | null, value: string): boolean {
  if (language !== null && other.test(language)) return shells.test(language);
  const first = value.split('\n').find((line) => line.trim() !== '' && !/^\s*(?:#|\/\/)/u.test(line));
  return first !== undefined && readsAsCommand(withoutPrompt(first));
}

const comment = /^\s*(?:#|--|\/\/|REM\b)\s?(.*)$/iu;
const numbered = /^(?:step\s+)?(\d+)\s*[.):]\s*(.*)$/iu;

type Draft = { title: string[]; ordinal: number | null; command: string[]; from: number; to: number };

const open = (line: number): Draft => ({ title: [], ordinal: null, command: [], from: line, to: line });

/** Follows quotes, continuations and here-documents, inside which a "#" is no comment. */
function shellState(): (line: string) => boolean {
  let quote = '';
  let heredoc: string | null = null;
  return (line) => {
    if (heredoc !== null) {
      if (line.trim() === heredoc) heredoc = null;
      return true;
    }
    for (let at = 0; at < line.length; at++) {
      const char = line[at] ?? '';
      if (char === '\\' && quote !== "'") at++;
      else if (quote === '' && char === '#' && /^\s?$/u.test(line[at - 1] ?? '')) break;
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (char === quote) quote = '';
    }
    if (quote === '') heredoc = /<<-?\s*(['"]?)([A-Za-z_]\w*)\1/u.exec(line)?.[2] ?? null;
    return quote !== '' || heredoc !== null || /\\\s*$/u.test(line);
  };
}

/**
 * The steps of one fence. Numbered comments ("# 1. …") part it where there are any; otherwise a comment after a
 * command does. Other comments stay in the command, as written. `first` is the document line of the fence's first line.
 */
export function stepsOf(value: string, first: number): readonly FenceStep[] {
  const lines = value.split(/\r\n|\n|\r/u);
  const byNumber = lines.some((line) => numbered.test(comment.exec(line)?.[1] ?? ''));
  const inside = shellState();
  const drafts: Draft[] = [];
  let now = open(first);
  let held = false;
  const close = (): void => {
    if (now.title.length > 0 || now.command.some((line) => line.trim() !== '')) drafts.push(now);
  };
  lines.forEach((text, index) => {
    const said = held ? null : (comment.exec(text)?.[1] ?? null);
    const number = said === null ? null : numbered.exec(said);
    const parts = byNumber ? number !== null : said !== null && now.command.some((line) => line.trim() !== '');
    if (said !== null && parts) {
      close();
      now = open(first + index);
    }
    if (said !== null && (byNumber ? number !== null : now.command.length === 0)) {
      now.title.push(number?.[2] ?? said);
      if (number !== null) now.ordinal = Number(number[1]);
    } else now.command.push(withoutPrompt(text));
    if (text.trim() !== '') now.to = first + index;
    if (said === null) held = inside(text);
  });
  close();
  return drafts.map(({ title, ordinal, command, from, to }) => ({
    title: title.join(' ').trim(),
    ordinal,
    command: command.join('\n').trim(),
    span: { line: from, endLine: to },
  }));
}

export const fenceCommand = (value: string, language: string | null, span: Span, fenced: boolean): Command => ({
  text: value,
  language,
  source: 'fence',
  steps: stepsOf(value, span.line + (fenced ? 1 : 0)),
  span,
});

export const inlineCommand = (code: string, line: number): Command => {
  const command = withoutPrompt(code);
  const span = { line, endLine: line };
  return {
    text: command,
    language: null,
    source: 'inline',
    steps: [{ title: '', ordinal: null, command, span }],
    span,
  };
};

const outcome =
  /(?:\b(?:expected(?:\s+(?:output|result|response|outcome))?|(?:pass|success) criteria|expects?)\s*[:：]|\bshould (?:return|show|see|print|output)\b:?|\breturns?\b:?|\bresponds? with\b:?|→|=>)\s*(.+)$/iu;

/** The words of the outcome an item or a comment promises: "returns 200", "Expected: 200 OK", "→ 200". */
export function expectedIn(text: string): string | null {
  if (!/expect|criteria|should|return|respond|→|=>/iu.test(text)) return null;
  const words = outcome
    .exec(text)?.[1]
    ?.replace(/[\s:：]+$/u, '')
    .replace(/\*\*/gu, '');
  return words === undefined || words === '' ? null : words;
}

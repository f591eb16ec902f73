/** How a written command could be started: as plain arguments, or only by a shell, or not at all. */
export type Read =
  | { readonly kind: 'argv'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'shell'; readonly why: string }
  | { readonly kind: 'unclear'; readonly why: string };

/** What only a shell gives a meaning to, and how people call it. */
const shellSigns: Readonly<Record<string, string>> = {
  '|': 'a pipe',
  ';': 'several commands',
  '&': 'several commands',
  '<': 'a redirection',
  '>': 'a redirection',
  $: 'a value that a shell puts in',
  '`': 'a value that a shell puts in',
  '*': 'a file pattern',
  '?': 'a file pattern',
  '[': 'a file pattern',
  '(': 'a group',
  ')': 'a group',
  '{': 'a group',
  '}': 'a group',
  '!': 'a negation',
};

/** Words of the shell itself: as a program of their own they do nothing, or do not exist. */
const builtins = new Set(
  '. alias cd eval exec export popd pushd read set shopt source trap ulimit umask unset wait'.split(' '),
);

const placeholder = /<[A-Za-z][\w .-]*>/u;

type Scan = {
  readonly text: string;
  at: number;
  word: string | null;
  readonly words: string[];
  /** Why a shell is needed; the first reason counts. */
  shell: string | null;
};

const add = (scan: Scan, text: string): void => {
  scan.word = (scan.word ?? '') + text;
};

const endWord = (scan: Scan): void => {
  if (scan.word !== null) scan.words.push(scan.word);
  scan.word = null;
};

/** From behind an opening quote to behind the closing one; false where there is none. */
const takeQuoted = (scan: Scan, quote: string): boolean => {
  add(scan, '');
  for (; scan.at < scan.text.length; scan.at++) {
    const sign = scan.text[scan.at] ?? '';
    if (sign === quote) {
      scan.at++;
      return true;
    }
    if (quote === '"' && (sign === '$' || sign === '`')) scan.shell ??= shellSigns[sign] ?? null;
    if (quote === '"' && sign === '\\' && /["\\$`]/u.test(scan.text[scan.at + 1] ?? '')) scan.at++;
    add(scan, scan.text[scan.at] ?? '');
  }
  return false;
};

const skipComment = (scan: Scan): void => {
  while (scan.at < scan.text.length && scan.text[scan.at] !== '\n') scan.at++;
};

/** Takes what stands at the place; false where a quote never ends. */
const take = (scan: Scan): boolean => {
  const sign = scan.text[scan.at++] ?? '';
  if (sign === "'" || sign === '"') return takeQuoted(scan, sign);
  if (sign === '\\') {
    const next = scan.text[scan.at++] ?? '';
    if (next !== '\n') add(scan, next);
  } else if (sign === '\n') {
    endWord(scan);
    while (/\s/u.test(scan.text[scan.at] ?? '')) scan.at++;
    if (scan.text[scan.at] === '#') skipComment(scan);
    if (scan.words.length > 0 && scan.text.slice(scan.at).trim() !== '') scan.shell ??= 'several lines';
  } else if (/\s/u.test(sign)) endWord(scan);
  else if (sign === '#' && scan.word === null) skipComment(scan);
  else {
    if (shellSigns[sign] !== undefined) scan.shell ??= shellSigns[sign];
    if (sign === '~' && scan.word === null) scan.shell ??= 'the home folder by "~"';
    add(scan, sign);
  }
  return true;
};

/**
 * Reads a command as a shell would split it, and expands nothing: what would need a shell is said by name, so that text
 * is never handed to one unseen.
 */
export const readCommand = (text: string): Read => {
  const left = placeholder.exec(text)?.[0];
  if (left !== undefined) return { kind: 'unclear', why: `${left} stands for something to fill in.` };
  const scan: Scan = { text, at: 0, word: null, words: [], shell: null };
  while (scan.at < text.length) if (!take(scan)) return { kind: 'unclear', why: 'A quote is opened and never closed.' };
  endWord(scan);
  const [program, ...rest] = scan.words;
  if (program === undefined) return { kind: 'unclear', why: 'There is nothing to run in it.' };
  if (scan.shell !== null) return { kind: 'shell', why: scan.shell };
  if (/^[A-Za-z_]\w*=/u.test(program)) return { kind: 'shell', why: 'a variable set before it' };
  if (builtins.has(program)) return { kind: 'unclear', why: `"${program}" is a word of the shell, not a program.` };
  return { kind: 'argv', argv: [program, ...rest] };
};

/** The simple commands of a script, with those inside of "$(…)" and back quotes; for judging, never for running. */
export const partsOf = (script: string): readonly (readonly string[])[] => {
  const parts: (readonly string[])[] = [];
  let text = script.replaceAll(/\\\n/gu, ' ').replaceAll(/(^|\s)#[^\n]*/gu, '$1');
  for (let found = true; found;) {
    found = false;
    text = text.replace(/\$\(([^()]*)\)|`([^`]*)`/u, (_, inner: string | undefined, old: string | undefined) => {
      found = true;
      parts.push(...partsOf(inner ?? old ?? ''));
      return '_';
    });
  }
  const pieces = text.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^|;&\n"'\\])+/gu) ?? [];
  for (const piece of pieces) {
    const words = (piece.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/gu) ?? []).map((word) =>
      word.replaceAll(/["']/gu, ''),
    );
    if (words.length > 0) parts.push(words);
  }
  return parts;
};

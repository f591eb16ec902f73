import { WarRoomError } from '../../shared/errors.ts';
import type { ReleaseInGit } from '../../shared/details/contract.ts';
import { environment } from '../probes/run-command.ts';
import { ask } from '../rollback/ask.ts';
import type { Told } from '../rollback/ask.ts';

/** What a git repository says of a release. Git only reads here: no hook, no pager, no lock, no network, no program of the repository's own. */

const deadlineMs = 8_000;
const mostCommits = 2_000;

/** The repository's own settings must start nothing. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'log.showSignature=false',
  'diff.external=',
  'protocol.allow=never',
].flatMap((setting) => ['-c', setting]);

const quiet = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ATTR_NOSYSTEM: '1',
  LC_ALL: 'C',
};

type Git = (...args: readonly string[]) => Promise<Told>;

const gitIn = (repository: string): Git => {
  const signal = AbortSignal.timeout(deadlineMs);
  return async (...args) => {
    const argv = ['git', '-C', repository, '--no-pager', '--literal-pathspecs', ...settings, ...args];
    const told = await ask(argv, { env: environment(quiet), signal }).catch((cause: unknown) => {
      throw new WarRoomError('unavailable', 'git is not on this machine, or cannot be started.', { cause });
    });
    if (told.stopped !== null)
      throw new WarRoomError('unavailable', `git did not answer about "${repository}" within ${deadlineMs / 1_000} s.`);
    return told;
  };
};

const line = ({ code, out }: Told): string | null => (code === 0 && out.trim() !== '' ? out.trim() : null);

const commitOf = async (git: Git, name: string): Promise<string | null> =>
  line(await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`));

/** The release's own tag or commit, else what is checked out. Names go in as full references, so that none is a flag. */
const releaseIn = async (git: Git, release: string) => {
  const tags = [`v${release}`, release].map((name) => ({ name, ref: `refs/tags/${name}` }));
  const commits = /^[\da-f]{7,40}$/iu.test(release) ? [{ name: release.slice(0, 12), ref: release }] : [];
  for (const { name, ref } of release === '' ? [] : [...tags, ...commits]) {
    const commit = await commitOf(git, ref);
    if (commit !== null) return { name, commit, found: true };
  }
  const head = await commitOf(git, 'HEAD');
  return head === null ? null : { name: `HEAD (${head.slice(0, 7)})`, commit: head, found: false };
};

/** The newest tag that the release stands on and that is not its own. */
const tagBefore = async (git: Git, commit: string): Promise<string | null> => {
  const here = line(await git('describe', '--tags', '--abbrev=0', '--exact-match', commit));
  return line(await git('describe', '--tags', '--abbrev=0', here === null ? commit : `${commit}^`));
};

const filesIn = async (git: Git, from: string | null, to: string): Promise<number> => {
  if (from === null) {
    const { out } = await git('ls-tree', '-r', '--name-only', '-z', to);
    return out.split('\0').length - 1;
  }
  const { out } = await git('diff', '--shortstat', '--no-ext-diff', '--no-textconv', `refs/tags/${from}`, to, '--');
  return Number(/(\d+) files? changed/u.exec(out)?.[1] ?? 0);
};

type Commit = { readonly author: string; readonly subject: string; readonly reviewers: readonly string[] };

const bare = (name: string): string => name.replace(/\s*<[^>]*>\s*/gu, '').trim();

const commitsIn = async (git: Git, range: string): Promise<readonly Commit[]> => {
  const format = '%an%x1f%s%x1f%(trailers:key=Reviewed-by,valueonly,separator=%x1e)';
  const { out } = await git('log', '-z', `--max-count=${mostCommits}`, `--format=${format}`, range, '--');
  return out
    .split('\0')
    .filter((record) => record !== '')
    .map((record): Commit => {
      const [author = '', subject = '', reviewers = ''] = record.split('\x1f');
      return { author, subject, reviewers: reviewers.split('\x1e').map(bare) };
    });
};

const byCount = (names: readonly string[]): readonly string[] =>
  [...Map.groupBy(names, (name) => name)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .flatMap(([name]) => (name === '' ? [] : [name]));

const isFeature = (subject: string): boolean => /^feat\b|^add(?:s|ed)?\b|\bfeature\b/iu.test(subject);
const isMerge = (subject: string): boolean => /^merge (?:branch|pull request|remote|tag)\b/iu.test(subject);

/** Commits, files, authors and subject lines between the tag before a release and the release. Throws bad-input where there is no repository. */
export const releaseInGit = async (repository: string, release: string): Promise<ReleaseInGit> => {
  const git = gitIn(repository);
  const { code, err } = await git('rev-parse', '--git-dir');
  if (code !== 0)
    throw new WarRoomError(
      'bad-input',
      /dubious ownership/u.test(err)
        ? `git refuses "${repository}": it belongs to another user of this machine.`
        : `"${repository}" is not a git repository that can be read here.`,
    );
  const to = await releaseIn(git, release);
  if (to === null) throw new WarRoomError('bad-input', `The repository "${repository}" has no commit yet.`);
  const from = await tagBefore(git, to.commit);
  const range = from === null ? to.commit : `refs/tags/${from}..${to.commit}`;
  const [count, files, commits] = await Promise.all([
    git('rev-list', '--count', range, '--'),
    filesIn(git, from, to.commit),
    commitsIn(git, range),
  ]);
  const subjects = commits.map(({ subject }) => subject).filter((subject) => !isMerge(subject));
  const missing =
    to.found || release === '' ? '' : ` No tag or commit is called "${release}": what is checked out was taken.`;
  return {
    from,
    to: to.name,
    commits: Number(line(count) ?? 0),
    files,
    authors: byCount(commits.map(({ author }) => author)),
    reviewers: byCount(commits.flatMap(({ reviewers }) => reviewers)),
    subjects: [...subjects.filter(isFeature), ...subjects.filter((subject) => !isFeature(subject))].slice(0, 20),
    sentence: `${from ?? 'The first commit'} → ${to.name}.${missing}`,
  };
};

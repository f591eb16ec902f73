import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { releaseInGit } from './release.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const fresh = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'war-room-git-'));
  folders.push(folder);
  return folder;
};

/** A real repository with three releases; what its own settings would start leaves a file behind. */
const repository = () => {
  const folder = fresh();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=a@example.org', ...args], {
      encoding: 'utf8',
    });
  const commit = (file: string, message: string): void => {
    writeFileSync(join(folder, file), message);
    git('add', file);
    git('commit', '-q', '-m', message);
  };
  git('init', '-q', '-b', 'main');
  commit('a', 'feat: first');
  git('tag', 'v1.0.0');
  commit('a', 'Mend a');
  commit('b', 'feat: sell tea\n\nReviewed-by: Bo Berg <bo@example.org>');
  commit('c', 'Add coffee');
  git('tag', '-a', 'v1.1.0', '-m', 'one one');
  commit('d', 'Later');
  return { folder, git, trap: join(folder, 'trap') };
};

test('counts what lies between the tag before and the release', async () => {
  const { folder } = repository();
  expect(await releaseInGit(folder, '1.1.0')).toEqual({
    ...{ from: 'v1.0.0', to: 'v1.1.0', commits: 3, files: 3, authors: ['Ada'], reviewers: ['Bo Berg'] },
    subjects: ['Add coffee', 'feat: sell tea', 'Mend a'],
    sentence: 'v1.0.0 → v1.1.0.',
  });
  expect(await releaseInGit(folder, '1.0.0')).toMatchObject({ from: null, commits: 1, files: 1 });
});

test('takes what is checked out where no tag has the name, and says so', async () => {
  const { folder } = repository();
  const told = await releaseInGit(folder, '9.9');
  expect(told).toMatchObject({ from: 'v1.1.0', commits: 1, files: 1, subjects: ['Later'] });
  expect(told.sentence).toContain('No tag or commit is called "9.9"');
});

test("starts nothing of the repository's own, whatever its settings and the names say", async () => {
  const { folder, git, trap } = repository();
  const script = join(folder, 'run');
  writeFileSync(script, `#!/bin/sh\ntouch ${trap}\n`);
  chmodSync(script, 0o755);
  for (const name of ['core.fsmonitor', 'core.pager', 'diff.external', 'gpg.program', 'core.sshCommand'])
    git('config', name, script);
  git('config', 'log.showSignature', 'true');
  git('config', 'diff.t.textconv', script);
  writeFileSync(join(folder, '.gitattributes'), '* diff=t\n');
  const flag = `--output=${trap}`;
  for (const release of ['1.1.0', flag, '-h', '$(touch trap)', ''])
    expect((await releaseInGit(folder, release)).commits).toBeGreaterThan(0);
  expect(existsSync(trap)).toBe(false);
});

test('refuses with a sentence what is no repository, or has nothing in it', async () => {
  const empty = fresh();
  await expect(releaseInGit(join(empty, 'none'), '1')).rejects.toThrow('not a git repository');
  await expect(releaseInGit(empty, '1')).rejects.toThrow('not a git repository');
  execFileSync('git', ['-C', empty, 'init', '-q']);
  await expect(releaseInGit(empty, '1')).rejects.toThrow('no commit yet');
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lintRunbook } from '../runbook/lint.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { bindItems } from '../target/bind.ts';
import { parseTarget } from '../target/parse.ts';
import { effectOf, nameOf } from './effects.ts';
import { commandById, referenceOf } from './reference.ts';
import { partsOf, readCommand } from './words.ts';

const bundled = (name: string): string => readFileSync(new URL(`../runbooks/${name}`, import.meta.url), 'utf8');

const reference = (document: string, target: string) => {
  const runbook = parseRunbook(document);
  const parsed = parseTarget(target).target;
  if (parsed === null) throw new Error('this is no target');
  const { bound } = bindItems(runbook, parsed);
  return referenceOf({ runbook, problems: lintRunbook(document, runbook), target: parsed, bindings: bound });
};
const checklist = bundled('production-deployment-checklist.md');

describe('a command is split as a shell would, and nothing is expanded', () => {
  it.each([
    ['ls -l "a b" c\\ d \'$HOME\'', ['ls', '-l', 'a b', 'c d', '$HOME']],
    ['journalctl -u api \\\n  -n 100 # the newest', ['journalctl', '-u', 'api', '-n', '100']],
    ['redis-cli FLUSHDB  # Only in emergency', ['redis-cli', 'FLUSHDB']],
    ['echo "say \\"yes\\"" it#isno comment', ['echo', 'say "yes"', 'it#isno', 'comment']],
    ['', null],
    ['# only words', null],
    ['echo "never closed', null],
    ['scp <file> host:', null],
    ['cd /srv/app', null],
  ])('%s', (text, argv) => {
    const read = readCommand(text);
    expect(read.kind === 'argv' ? read.argv : null).toEqual(argv);
  });

  it.each([
    ['cat x | grep y', 'a pipe'],
    ['make && make install', 'several commands'],
    ['echo hi > /tmp/x', 'a redirection'],
    ['echo "$HOME"', 'a value that a shell puts in'],
    ['echo `id`', 'a value that a shell puts in'],
    ['ls *.log', 'a file pattern'],
    ['cat ~/x', 'the home folder by "~"'],
    ['A=1 make', 'a variable set before it'],
    ['make build\nmake test', 'several lines'],
  ])('%s needs a shell for %s', (text, why) => {
    expect(readCommand(text)).toEqual({ kind: 'shell', why });
  });
});

const effect = (text: string): string => {
  const read = readCommand(text);
  return read.kind === 'argv' ? effectOf([read.argv], null).effect : effectOf(partsOf(text), text).effect;
};

describe('what a command does is told by its words', () => {
  it.each([
    'curl -s https://api.example.com/health | jq .status',
    'kubectl --context a -n b get pods -o wide',
    'kubectl -n b rollout status deployment/api',
    'psql -h primary -c "SELECT count(*) FROM pg_stat_activity;"',
    'redis-cli -h cache -p 6379 INFO memory | grep used',
    'journalctl -u api -n 100 --no-pager',
    'tail -100 /var/log/a.log 2>/dev/null | grep ERROR | wc -l',
    '[ "$(redis-cli PING)" = "PONG" ]',
    'git log --oneline -5',
    'npx --no-install tsc --noEmit',
  ])('only looks: %s', (text) => {
    expect(effect(text)).toBe('reads');
  });

  it.each([
    'npm run build',
    'kubectl --context a -n b scale deployment/api --replicas=3',
    'curl -X POST https://api.example.com/deploy',
    'curl -d a=b https://api.example.com/deploy',
    'psql -c "SELECT pg_terminate_backend(7)"',
    'psql -c "WITH gone AS (UPDATE t SET a = 1 RETURNING 1) SELECT * FROM gone"',
    'psql -f migrate.sql',
    'redis-cli SET a b',
    'echo done > /var/run/marker',
    'echo "$(systemctl restart api)"',
    'sudo ls',
    './deploy.sh',
    'some-unheard-of-tool --list',
    'journalctl --vacuum-time=1d',
    'sed -i s/a/b/ file',
  ])('may change something: %s', (text) => {
    expect(effect(text)).toBe('changes');
  });

  it.each([
    'redis-cli FLUSHDB',
    'redis-cli flushall async',
    'redis-cli "FLUSH""DB"',
    'echo FLUSHALL | redis-cli',
    'redis-cli --scan --pattern "a:*" | xargs redis-cli UNLINK',
    'psql -c "DROP TABLE users"',
    'psql -c "DELETE FROM users WHERE id = 7"',
    'psql -c "TRUNCATE users"',
    'rm -rf /tmp/x',
    '/bin/rm x',
    'bash -c "rm -rf /"',
    'find /var/log -name "*.gz" -delete',
    'ls | xargs rm',
    'echo "$(rm x)"',
    'kubectl -n b delete deployment/api',
    'kubectl -n b scale deployment/api --replicas=0',
    'kubectl get secret api -o yaml',
    'helm -n b uninstall api',
    'terraform destroy',
    'aws s3 rm s3://bucket --recursive',
    'git push --force origin main',
    'curl -X DELETE https://api.example.com/v1/users',
    'docker system prune',
    'dd if=/dev/zero of=/dev/sda',
  ])('is never run: %s', (text) => {
    expect(effect(text)).toBe('never');
  });

  it('is confirmed by the program and the plain words behind it', () => {
    expect(nameOf(['/usr/bin/npm', 'run', 'test:coverage', '--', '--ci'])).toBe('npm run test:coverage');
    expect(nameOf(['kubectl', '--context', 'a', 'scale'])).toBe('kubectl');
  });
});

describe('the reference of the bundled checklist', () => {
  const all = reference(checklist, bundled('ywmessaging.target.yaml'));
  const find = (title: string) => {
    const found = all.find((one) => one.title === title);
    if (found === undefined) throw new Error(`there is no command "${title}"`);
    expect(commandById(all, found.id)).toBe(found);
    return found;
  };

  it('holds the 13 commands of the reference, those of the items, the rollback, and what the target answers by', () => {
    const of = (heading: string) => all.filter((one) => one.heading === heading).map(({ id }) => id);
    expect(of('Health & Status')).toHaveLength(3);
    expect(of('Logs')).toHaveLength(3);
    expect(of('Database')).toHaveLength(3);
    expect(of('Cache/Redis')).toHaveLength(4);
    expect(of('Staging Environment Validation')).toHaveLength(6);
    expect(new Set(all.flatMap((one) => [one, ...one.instead]).map(({ id }) => id)).size).toBe(
      all.flatMap((one) => [one, ...one.instead]).length,
    );
  });

  it('never offers to flush, and says why', () => {
    const flush = all.find(({ text }) => text.includes('FLUSHDB'));
    expect(flush).toMatchObject({ effect: 'never', refusal: expect.stringContaining('never run from here') });
    expect(flush?.instead.map(({ refusal }) => refusal)).toEqual([expect.stringContaining('never run from here')]);
  });

  it('puts the correct form beside what is written, and leaves what is still to be filled in to be copied', () => {
    expect(find('Health check').instead[0]).toMatchObject({ source: 'lint', how: { kind: 'script' }, refusal: null });
    expect(find('Connection count').instead[0]?.how).toMatchObject({
      kind: 'argv',
      argv: [
        'psql',
        '-h',
        'primary',
        '-U',
        'postgres',
        '-d',
        'ywmessaging',
        '-c',
        expect.stringContaining('client backend'),
      ],
    });
    expect(find('All errors from last hour').instead[0]).toMatchObject({
      how: { kind: 'copy' },
      refusal: expect.stringContaining('UNIT'),
    });
    expect(find('Scale up previous version').instead.every(({ text }) => !text.includes('CONTEXT'))).toBe(true);
  });

  it('leaves the steps of the rollback to its own panel', () => {
    const steps = all.filter(({ heading }) => heading === 'Rollback Execution');
    expect(steps).toHaveLength(5);
    expect(steps.every(({ refusal }) => refusal !== null)).toBe(true);
  });

  it('runs nothing in practice but what its target gives', () => {
    const practice = reference(checklist, bundled('practice.target.yaml')).flatMap((one) => [one, ...one.instead]);
    const runnable = practice.filter(({ refusal }) => refusal === null);
    expect(runnable.length).toBeGreaterThan(15);
    expect(new Set(runnable.map(({ source }) => source))).toEqual(new Set(['target']));
    expect(runnable.filter(({ effect: does }) => does !== 'reads')).toEqual([]);
  });
});

it('never runs a command that stands in a sentence and needs a shell, nor code of another language', () => {
  const all = reference(
    '# R\n\n## A\n\n- [ ] Look: `cat x | grep y`\n\n```python\nprint(1)\n```\n\n```sql\nSELECT 1;\n```\n',
    'version: 1\nservice: s\nenvironment: staging\n',
  );
  expect(all.filter(({ refusal }) => refusal === null)).toEqual([]);
  expect(all[0]?.refusal).toContain('needs a shell for a pipe');
});

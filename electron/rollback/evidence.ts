import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventBody } from '../../shared/events.ts';
import type { Health } from '../../shared/health.ts';
import { kubePrefix } from '../../shared/rollback/kubectl.ts';
import { askKube, noAnswer } from './cluster.ts';
import type { Kube } from './cluster.ts';

type Kept = EventBody<'rollback-preflighted'>['evidence'][number];

const fileCap = 8 * 1024 * 1024;

const keep = async (folder: string, name: string, text: string): Promise<Kept> => {
  const bytes = Buffer.from(text, 'utf8').subarray(0, fileCap);
  await writeFile(join(folder, name), bytes, { mode: 0o600 });
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
};

const questions = (kube: Kube, deployments: readonly string[]): readonly (readonly [string, readonly string[]])[] => {
  const ask = (...args: string[]): readonly string[] => [...kubePrefix(kube.place), ...args];
  return [
    ['pods.txt', ask('get', 'pods', '--output=wide')],
    ['events.txt', ask('get', 'events', '--sort-by=.lastTimestamp')],
    ['deployments.json', ask('get', 'deployments,replicasets', '--output=json')],
    ...deployments.map(
      (name) =>
        [`${name}.log`, ask('logs', `deployment/${name}`, '--all-containers', '--tail=500', '--timestamps')] as const,
    ),
  ];
};

/**
 * Keeps what will be gone afterwards: pods, their logs, events and the numbers, each with its digest. What can't be had
 * is named in `missing`, because losing evidence is no reason to leave production down.
 */
export const captureEvidence = async (
  folder: string,
  health: readonly Health[],
  kube: Kube | null,
  deployments: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly kept: readonly Kept[]; readonly missing: readonly string[] }> => {
  const missing: string[] = [];
  const kept = async (name: string, text: string): Promise<Kept | null> => {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return await keep(folder, name, text);
    } catch (cause) {
      // Whatever the disk says: it is full just when production is down, and going back needs none of these files.
      missing.push(`${name}: the disk refused it (${cause instanceof Error ? cause.message : String(cause)})`);
      return null;
    }
  };
  const files = await Promise.all([
    kept('metrics.json', JSON.stringify(health, null, 1)),
    ...(kube === null ? [] : questions(kube, deployments)).map(async ([name, argv]) => {
      const told = await askKube(kube as Kube, argv, signal);
      if (told.code === 0) return kept(name, told.out);
      missing.push(`${name}: ${noAnswer(told)}`);
      return null;
    }),
  ]);
  return { kept: files.filter((file) => file !== null), missing };
};

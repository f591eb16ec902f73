import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, reason, runId } from '../calls.ts';
import { detailKeys, detailSources } from './events.ts';

/** What windows ask for about the details of a run; a part of the contract. */

export const detailSchema = z.object({
  key: z.enum(detailKeys),
  value: z.string().trim().max(4_000),
  source: z.enum(detailSources),
});
export type GivenDetail = z.output<typeof detailSchema>;

/** What a repository says of a release: everything since the tag before it. */
export type ReleaseInGit = {
  readonly from: string | null;
  readonly to: string;
  readonly commits: number;
  readonly files: number;
  /** Who wrote it, most commits first. */
  readonly authors: readonly string[];
  readonly reviewers: readonly string[];
  /** Subject lines, newest first, the features before the rest. */
  readonly subjects: readonly string[];
  readonly sentence: string;
};

export const detailsContract = {
  give: operate.input(detailSchema.extend({ runId, reason: reason.nullable() })).output(type<void>()),
  /** Only reads: no hook, no pager, no network. */
  fromGit: operate
    .input(
      z.object({ repository: z.string().trim().min(1, 'name the folder').max(1_000), release: z.string().max(200) }),
    )
    .output(type<ReleaseInGit>()),
};

import { useId, useState } from 'react';
import type { Client } from '../../../shared/contract.ts';
import type { ReleaseInGit } from '../../../shared/details/contract.ts';
import { formatCount } from '../../../shared/format.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { keep, recall } from '../../look.ts';
import { sentenceOf } from '../../refusal.ts';
import type { Drafts } from './details-fields.tsx';

type Props = {
  readonly client: Client;
  readonly release: string;
  /** The folder that the target names. */
  readonly repository: string | null;
  readonly take: (drafts: Drafts) => void;
};

type Told =
  | { readonly kind: 'nothing' | 'asking' }
  | { readonly kind: 'known'; readonly found: ReleaseInGit }
  | { readonly kind: 'refused'; readonly sentence: string };

const mostSubjects = 5;

const draftsOf = ({ commits, files, subjects, reviewers }: ReleaseInGit): Drafts => ({
  commits: { value: String(commits), source: 'git' },
  'files-changed': { value: String(files), source: 'git' },
  ...(subjects.length === 0
    ? {}
    : { 'key-features': { value: subjects.slice(0, mostSubjects).join('; '), source: 'git' as const } }),
  ...(reviewers.length === 0 ? {} : { 'reviewed-by': { value: reviewers.join(', '), source: 'git' as const } }),
});

/** Reads commits, files and authors of a release from a repository on this machine. */
export const FromGit = ({ client, release, repository, take }: Props) => {
  const id = useId();
  const [folder, setFolder] = useState<string | null>(null);
  const [told, setTold] = useState<Told>({ kind: 'nothing' });
  const chosen = folder ?? repository ?? recall('last-repository') ?? '';
  const read = (): void => {
    setTold({ kind: 'asking' });
    client.details.fromGit({ repository: chosen, release: release.trim() }).then(
      (found) => {
        keep('last-repository', chosen);
        setTold({ kind: 'known', found });
        take(draftsOf(found));
      },
      (error: unknown) => setTold({ kind: 'refused', sentence: sentenceOf(error) }),
    );
  };
  return (
    <div className="from-git">
      <div className="field">
        <label htmlFor={id}>Git repository (a folder on this machine)</label>
        <div className="source">
          <input id={id} value={chosen} maxLength={1_000} onChange={(event) => setFolder(event.target.value)} />
          <button type="button" disabled={chosen.trim() === '' || told.kind === 'asking'} onClick={read}>
            {told.kind === 'asking' ? 'Reading…' : 'Read from git'}
          </button>
        </div>
      </div>
      <p className="hint" role="status">
        {told.kind === 'refused' && (
          <>
            <Glyph name="fail" /> {told.sentence}
          </>
        )}
        {told.kind === 'known' &&
          `${told.found.sentence} ${formatCount(told.found.commits, 'commit')} by ${told.found.authors.slice(0, 4).join(', ') || 'nobody'}.`}
      </p>
    </div>
  );
};

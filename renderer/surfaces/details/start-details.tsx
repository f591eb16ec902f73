import type { GivenDetail } from '../../../shared/details/contract.ts';
import { detailKeys } from '../../../shared/details/events.ts';
import { useApp } from '../../app-context.ts';
import { DetailField } from './details-fields.tsx';
import type { Drafts } from './details-fields.tsx';
import { FromGit } from './from-git.tsx';

/** Those that were given a value, as the start of a run takes them. */
export const givenIn = (drafts: Drafts): GivenDetail[] =>
  detailKeys.flatMap((key) => {
    const draft = drafts[key];
    return draft === undefined || draft.value.trim() === '' ? [] : [{ key, ...draft, value: draft.value.trim() }];
  });

type Props = {
  readonly drafts: Drafts;
  readonly change: (drafts: Drafts) => void;
  readonly release: string;
  readonly repository: string | null;
};

/** What the run is about, beside its release: read from git where there is a repository, and everything by hand. */
export const StartDetails = ({ drafts, change, release, repository }: Props) => {
  const { connection } = useApp();
  const given = givenIn(drafts).length;
  return (
    <details className="start-details">
      <summary>
        Window, commits, people <span className="muted">{given === 0 ? '(optional)' : `${given} filled in`}</span>
      </summary>
      <FromGit
        client={connection.client}
        release={release}
        repository={repository}
        take={(found) => change({ ...drafts, ...found })}
      />
      <div className="details-grid">
        {detailKeys.map((name) => (
          <DetailField
            key={name}
            name={name}
            value={drafts[name]?.value ?? ''}
            change={(value) => change({ ...drafts, [name]: { value, source: 'person' } })}
          />
        ))}
      </div>
    </details>
  );
};

import { useCallback, useEffect, useState } from 'react';
import type { AcrossRuns, Judgement, VerdictPoints } from '../../../shared/verdict/contract.ts';
import { useNow } from '../../now.ts';
import { sentenceOf } from '../../refusal.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import type { Against } from './verdict-actions.ts';

/** Judging reads every sample since T-0: looked at only while somebody looks. */
const everyMs = 10_000;

export type Looked<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'here'; readonly value: T }
  | { readonly kind: 'refused'; readonly sentence: string };

/** Asks when `ask` is another one, and again whenever the stamp changes. */
export const useLooked = <T>(ask: () => Promise<T>, stamp: string): Looked<T> => {
  const [looked, setLooked] = useState<Looked<T>>({ kind: 'loading' });
  useEffect(() => {
    let current = true;
    ask().then(
      (value) => current && setLooked({ kind: 'here', value }),
      // What was seen stays while a later look fails; the connection's own state tells why.
      (error: unknown) =>
        current && setLooked((was) => (was.kind === 'here' ? was : { kind: 'refused', sentence: sentenceOf(error) })),
    );
    return () => {
      current = false;
    };
  }, [ask, stamp]);
  return looked;
};

/** Changes every ten seconds, and with each baseline, verdict and T-0. */
const useStamp = (): string => {
  const round = useNow((now) => Math.floor(now / everyMs));
  const closed = useRun(({ room }) => room.closed !== null);
  const known = useRun(({ verdicts }) => verdicts.baselines.length + verdicts.verdicts.length);
  const t0 = useRun(({ room }) => room.t0?.at ?? null);
  return `${closed ? '' : round} ${known} ${t0}`;
};

/** The verdict as it would be given now. */
export const useJudgement = ({ baseline, week }: Against): Looked<Judgement> => {
  const { actions } = useRoom();
  const ask = useCallback(() => actions.lookAtVerdict({ baseline, week }), [actions, baseline, week]);
  return useLooked(ask, useStamp());
};

/** The points of one metric before and after. */
export const useVerdictPoints = ({ baseline, week }: Against, metric: string): Looked<VerdictPoints> => {
  const { actions } = useRoom();
  const ask = useCallback(() => actions.verdictPoints({ baseline, week }, metric), [actions, baseline, week, metric]);
  return useLooked(ask, useStamp());
};

export const useAcrossRuns = (): Looked<AcrossRuns> => {
  const { actions } = useRoom();
  return useLooked(actions.acrossRuns, useStamp());
};

import { useCallback, useEffect, useState } from 'react';
import type { Judgement, VerdictPoints } from '../../../shared/contract.ts';
import { useNow } from '../../now.ts';
import { sentenceOf } from '../../refusal.ts';
import { useRoom, useRun } from '../room/room-context.tsx';

/** Judging reads every sample since T-0: looked at only while somebody looks. */
const everyMs = 10_000;

export type Looked<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'here'; readonly value: T }
  | { readonly kind: 'refused'; readonly sentence: string };

/** Asks when `ask` is another one, and again whenever the stamp changes. */
const useLooked = <T>(ask: () => Promise<T>, stamp: string): Looked<T> => {
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

/** The verdict as it would be given now, asked again every ten seconds and after each baseline or verdict. */
export const useJudgement = (): Looked<Judgement> => {
  const { actions } = useRoom();
  const round = useNow((now) => Math.floor(now / everyMs));
  const known = useRun(({ verdicts }) => verdicts.baselines.length + verdicts.verdicts.length);
  const t0 = useRun(({ room }) => room.t0?.at ?? null);
  return useLooked(actions.lookAtVerdict, `${round} ${known} ${t0}`);
};

/** The points of one metric before and after. */
export const useVerdictPoints = (metric: string): Looked<VerdictPoints> => {
  const { actions } = useRoom();
  const ask = useCallback(() => actions.verdictPoints(metric), [actions, metric]);
  return useLooked(ask, '');
};

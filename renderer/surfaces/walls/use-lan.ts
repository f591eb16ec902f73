import { useCallback, useEffect, useState } from 'react';
import type { LanState } from '../../../shared/lan/contract.ts';
import { useApp } from '../../app-context.ts';
import type { Client } from '../../../shared/contract.ts';
import { sentenceOf } from '../../refusal.ts';

export const lookMs = 1_000;

export type Lan = {
  /** Null until the desk has answered. */
  readonly state: LanState | null;
  readonly failed: string;
  readonly ask: (job: (lan: Client['lan']) => Promise<LanState>) => Promise<void>;
};

/** The link of the network as it stands, looked at once a second while somebody looks. */
export const useLan = (): Lan => {
  const { connection, notices } = useApp();
  const [state, setState] = useState<LanState | null>(null);
  const [failed, setFailed] = useState('');
  useEffect(() => {
    const look = (): void =>
      void connection.client.lan.state().then(
        (found) => (setState(found), setFailed('')),
        (error: unknown) => setFailed(sentenceOf(error)),
      );
    look();
    const timer = setInterval(look, lookMs);
    return () => clearInterval(timer);
  }, [connection]);
  const ask: Lan['ask'] = useCallback(
    (job) => job(connection.client.lan).then(setState, (error: unknown) => notices.say(sentenceOf(error), 'fail')),
    [connection, notices],
  );
  return { state, failed, ask };
};

import type { Client } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import type { AcrossRuns, Judgement, VerdictPoints } from '../../../shared/verdict/contract.ts';
import type { Notices } from '../../notices.ts';
import { serverNow } from '../../now.ts';
import { sentenceOf } from '../../refusal.ts';
import type { RunView } from '../../run-view.ts';
import type { Store } from '../../store.ts';
import { drawRoom } from './draw-room.ts';

/** Which baseline, by its entry in the log or the newest, and whether the same hour a week before it is meant. */
export type Against = { readonly baseline: number | null; readonly week: boolean };

/** What a person can do with before and after; those that answer reject with the refusal, which is shown in its place. */
export type VerdictActions = {
  readonly takeBaseline: (incident: boolean) => Promise<boolean>;
  readonly keepPicture: (baseline: number) => Promise<void>;
  readonly picture: (sha256: string) => Promise<string>;
  readonly giveVerdict: (against: Against) => Promise<boolean>;
  readonly lookAtVerdict: (against: Against) => Promise<Judgement>;
  readonly verdictPoints: (against: Against, metric: string) => Promise<VerdictPoints>;
  readonly acrossRuns: () => Promise<AcrossRuns>;
};

type Deps = {
  readonly client: Client;
  readonly runId: RunId;
  readonly view: Store<RunView>;
  readonly notices: Notices;
  readonly done: (call: Promise<unknown>, words: string) => Promise<boolean>;
};

const base64Of = async (blob: Blob): Promise<string> => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
};

export const verdictActions = ({ client: { verdict }, runId, view, notices, done }: Deps): VerdictActions => ({
  takeBaseline: (incident) => done(verdict.takeBaseline({ runId, incident }), 'The baseline is frozen.'),
  keepPicture: async (baseline) => {
    try {
      const { kept } = await verdict.picture({ runId, baseline, png: null });
      if (kept) return;
      const drawn = await drawRoom(view.get(), serverNow());
      if (drawn !== null) await verdict.picture({ runId, baseline, png: await base64Of(drawn) });
    } catch (error) {
      // Another window was first: then the baseline has its picture.
      if (!view.get().verdicts.pictures.has(baseline))
        notices.say(`The picture of the room was not kept. ${sentenceOf(error)}`);
    }
  },
  picture: async (sha256) => (await verdict.pictureOf({ runId, sha256 })).png,
  giveVerdict: (against) => done(verdict.give({ runId, ...against }), 'The verdict is on record.'),
  lookAtVerdict: (against) => verdict.look({ runId, ...against }),
  verdictPoints: (against, metric) => verdict.points({ runId, ...against, metric }),
  acrossRuns: () => verdict.across({ runId }),
});

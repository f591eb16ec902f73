import type { WallShown } from './wall-state.ts';
import { callOf } from './words.ts';

export type Sound = 'worse' | 'better' | 'call';

const bad = ({ tiles, head }: WallShown): ReadonlySet<string> =>
  new Set([
    ...tiles.filter(({ state }) => state === 'fail').map(({ id }) => id),
    ...(head?.alarms ?? [])
      .filter(({ acknowledged, priority }) => !acknowledged && priority === 'high')
      .map(({ id }) => `alarm ${id}`),
  ]);

/** What a change sounds like: one sound at most, the worst. Nothing for the first picture of a run. */
export const soundOf = (was: WallShown | null, is: WallShown): Sound | null => {
  if (was?.head == null || is.head === null || was.runId !== is.runId) return null;
  const before = bad(was);
  const now = bad(is);
  if ([...now].some((id) => !before.has(id))) return 'worse';
  if (callOf(was.head).word !== callOf(is.head).word) return 'call';
  return [...before].every((id) => !now.has(id)) && before.size > 0 ? 'better' : null;
};

const notes: Readonly<Record<Sound, readonly number[]>> = {
  worse: [660, 440, 660, 440],
  call: [520, 520],
  better: [440, 660],
};
const noteS = 0.16;

export type Player = {
  readonly play: (sound: Sound) => void;
  /** False while the browser wants a key or a click first. */
  readonly allowed: () => boolean;
  /** Called by a key or a click. */
  readonly wake: () => void;
};

/** Plain tones, made on the spot: no file to load, and nothing that is mistaken for a phone. */
export const createPlayer = (): Player => {
  let context: AudioContext | null = null;
  const ready = (): AudioContext => (context ??= new AudioContext());
  return {
    allowed: () => ready().state === 'running',
    wake: () => void ready().resume(),
    play: (sound) => {
      const audio = ready();
      if (audio.state !== 'running') return;
      const gain = audio.createGain();
      gain.gain.value = 0.25;
      gain.connect(audio.destination);
      const tone = audio.createOscillator();
      tone.type = 'triangle';
      tone.connect(gain);
      for (const [at, hertz] of notes[sound].entries())
        tone.frequency.setValueAtTime(hertz, audio.currentTime + at * noteS);
      tone.start();
      tone.stop(audio.currentTime + notes[sound].length * noteS);
    },
  };
};

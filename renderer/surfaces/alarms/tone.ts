import { keep, recall } from '../../look.ts';
import { createStore } from '../../store.ts';

/** Off is a person's choice and stays; waiting is the browser's, until somebody clicks in this window. */
export type Sound = 'on' | 'off' | 'waiting';

const muted = createStore(recall('alarm-tone') === 'off');
const blocked = createStore(false);
let context: AudioContext | null = null;
let playing: OscillatorNode[] = [];

export const sound = {
  get: (): Sound => (muted.get() ? 'off' : blocked.get() ? 'waiting' : 'on'),
  subscribe: (listener: () => void): (() => void) => {
    const stops = [muted.subscribe(listener), blocked.subscribe(listener)];
    return () => stops.forEach((stop) => stop());
  },
  set: (): void => {},
};

const hush = (): void => {
  for (const oscillator of playing) oscillator.stop();
  playing = [];
};

/** One key silences what sounds and what would sound, and the same key lets it sound again. */
export const toggleMute = (): void => {
  muted.set(!muted.get());
  keep('alarm-tone', muted.get() ? 'off' : 'on');
  if (muted.get()) hush();
};

/** Three rising pairs: unlike any notice of a chat or a calendar, and over in less than two seconds. */
const notes = [
  { at: 0, hertz: 740 },
  { at: 0.2, hertz: 988 },
  { at: 0.6, hertz: 740 },
  { at: 0.8, hertz: 988 },
  { at: 1.2, hertz: 740 },
  { at: 1.4, hertz: 988 },
] as const;
const lasts = 0.16;
const loudness = 0.22;

const sing = (into: AudioContext): void => {
  hush();
  playing = notes.map(({ at, hertz }) => {
    const begin = into.currentTime + at;
    const gain = into.createGain();
    gain.gain.setValueAtTime(0, begin);
    // A soft edge on both sides: a hard one clicks.
    gain.gain.linearRampToValueAtTime(loudness, begin + 0.015);
    gain.gain.setValueAtTime(loudness, begin + lasts - 0.03);
    gain.gain.linearRampToValueAtTime(0, begin + lasts);
    const oscillator = into.createOscillator();
    oscillator.type = 'triangle';
    oscillator.frequency.value = hertz;
    oscillator.connect(gain).connect(into.destination);
    oscillator.start(begin);
    oscillator.stop(begin + lasts);
    return oscillator;
  });
};

/** Browsers let a page sound only after somebody touched it. A machine without any sound has no context at all. */
const awake = async (): Promise<AudioContext | null> => {
  if (typeof AudioContext === 'undefined') return null;
  context ??= new AudioContext();
  const own = context;
  // A resume that the browser refuses stays pending until a click; nothing waits for it longer than this.
  if (own.state !== 'running') await Promise.race([own.resume(), new Promise((done) => setTimeout(done, 250))]);
  blocked.set(own.state !== 'running');
  return own.state === 'running' ? own : null;
};

/** The one critical tone; silent while muted. A browser that does not allow it shows that, instead of hiding it. */
export const playTone = async (): Promise<void> => {
  if (muted.get()) return;
  const into = await awake();
  if (into !== null && !muted.get()) sing(into);
};

/** Finds out whether this window may sound, and again at the first touch. */
export const prepareTone = (): (() => void) => {
  const look = (): void => void awake();
  look();
  addEventListener('pointerdown', look);
  addEventListener('keydown', look);
  return () => {
    removeEventListener('pointerdown', look);
    removeEventListener('keydown', look);
  };
};

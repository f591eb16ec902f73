import { useEffect, useState } from 'react';
import type { Store } from '../../store.ts';
import { useStore } from '../../store.ts';
import { bounds, choose, contents } from './screen.ts';
import type { Content, ScreenChoice, WallScreen } from './screen.ts';
import './setup.css';

/** A wall that comes up alone after a power cut must not wait for an answer for ever. */
const waitsS = 60;

type StepperProps = {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly by: number;
  readonly limits: { readonly least: number; readonly most: number };
  readonly onChange: (value: number) => void;
};

/** Two large keys: a remote control has no others. */
const Stepper = ({ label, value, unit, by, limits, onChange }: StepperProps) => {
  const set = (next: number): void =>
    onChange(Math.min(limits.most, Math.max(limits.least, Math.round(next / by) * by)));
  return (
    <div className="setup-line" role="group" aria-label={label}>
      <span>{label}</span>
      <button type="button" aria-label={`${label}: less`} onClick={() => set(value - by)}>
        −
      </button>
      <output>
        {value} {unit}
      </output>
      <button type="button" aria-label={`${label}: more`} onClick={() => set(value + by)}>
        +
      </button>
    </div>
  );
};

const contentWords: Readonly<Record<Content, string>> = {
  all: 'Everything',
  metrics: 'Metrics',
  checklist: 'Checklist',
};

const Choices = ({
  choice,
  set,
}: {
  readonly choice: ScreenChoice;
  readonly set: (change: Partial<ScreenChoice>) => void;
}) => (
  <>
    <Stepper
      label="Diagonal"
      unit="inches"
      by={1}
      value={choice.inches}
      limits={bounds.inches}
      onChange={(inches) => set({ inches })}
    />
    <Stepper
      label="Furthest eyes"
      unit="m"
      by={0.5}
      value={choice.metres}
      limits={bounds.metres}
      onChange={(metres) => set({ metres })}
    />
    <div className="setup-line" role="group" aria-label="Shows">
      <span>Shows</span>
      {contents.map((content) => (
        <button
          type="button"
          key={content}
          aria-pressed={choice.show === content}
          onClick={() => set({ show: content })}
        >
          {contentWords[content]}
        </button>
      ))}
    </div>
    <div className="setup-line" role="group" aria-label="Sound on change">
      <span>Sound on change</span>
      <button type="button" aria-pressed={choice.sound} onClick={() => set({ sound: true })}>
        On
      </button>
      <button type="button" aria-pressed={!choice.sound} onClick={() => set({ sound: false })}>
        Off
      </button>
    </div>
  </>
);

/** Asks how large this screen is and from where it is read; kept in this browser. */
export const Setup = ({ screen, onDone }: { readonly screen: Store<WallScreen>; readonly onDone: () => void }) => {
  const choice = useStore(screen, (value) => value.choice);
  const [left, setLeft] = useState(waitsS);
  useEffect(() => {
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left <= 0) onDone();
  }, [left, onDone]);
  return (
    <main className="wall-setup">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose(screen, {});
          onDone();
        }}
      >
        <h1>This screen</h1>
        <p>So that everything on it can be read from where people stand.</p>
        <Choices choice={choice} set={(change) => (setLeft(waitsS), choose(screen, change))} />
        <button className="primary" autoFocus>
          Show the wall <small>{left} s</small>
        </button>
        <p>Press S on the wall to come back here.</p>
      </form>
    </main>
  );
};

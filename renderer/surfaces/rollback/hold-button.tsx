import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { confirmTimes } from '../../../shared/rollback/plan.ts';

type Props = {
  readonly words: string;
  readonly disabled: boolean;
  readonly onHeld: () => void;
};

/**
 * Does something only after it was held down for 1.5 s, by pointer or by the space bar. A click, Enter, and a key that
 * repeats by itself do nothing.
 */
export const HoldButton = ({ words, disabled, onHeld }: Props) => {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stop = (): void => {
    clearTimeout(timer.current);
    setHolding(false);
  };
  useEffect(() => stop, []);
  const start = (): void => {
    if (disabled) return;
    stop();
    setHolding(true);
    timer.current = setTimeout(() => {
      setHolding(false);
      onHeld();
    }, confirmTimes.holdMs);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') event.preventDefault();
    if (event.key === ' ' && !event.repeat) start();
  };
  return (
    <button
      type="button"
      className="rb-hold"
      data-holding={holding}
      disabled={disabled}
      // Leaving it, losing it, or anything else taking the pointer lets go: only an unbroken hold counts.
      onPointerDown={(event) => event.button === 0 && start()}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={onKeyDown}
      onKeyUp={stop}
      onBlur={stop}
    >
      <span className="rb-hold-fill" />
      <span className="rb-hold-words">{holding ? 'Keep holding…' : words}</span>
    </button>
  );
};

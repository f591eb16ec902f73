import { useRef } from 'react';
import type { PointerEvent } from 'react';
import { drawnHeight, drawnWidth } from '../../../shared/sign-off/events.ts';

/** Moves shorter than this many units add nothing to a signature but length. */
const step = 3;

const last = (path: string): readonly [number, number] | null => {
  const match = /(\d+) (\d+)$/u.exec(path);
  return match === null ? null : [Number(match[1]), Number(match[2])];
};

/** A box to sign in with a pointer, a pen or a finger. `path` is the drawing as the log keeps it; empty: nothing yet. */
export const SignaturePad = ({ path, onDraw }: { readonly path: string; readonly onDraw: (path: string) => void }) => {
  const drawing = useRef(false);
  const at = (event: PointerEvent<SVGSVGElement>): readonly [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    const within = (value: number, most: number): number => Math.round(Math.min(most, Math.max(0, value)));
    return [
      within(((event.clientX - box.left) / box.width) * drawnWidth, drawnWidth),
      within(((event.clientY - box.top) / box.height) * drawnHeight, drawnHeight),
    ];
  };
  const begin = (event: PointerEvent<SVGSVGElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drawing.current = true;
    const [x, y] = at(event);
    onDraw(`${path}M${x} ${y}`);
  };
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    if (!drawing.current) return;
    const [x, y] = at(event);
    const [fromX, fromY] = last(path) ?? [x, y];
    if (Math.hypot(x - fromX, y - fromY) >= step) onDraw(`${path}L${x} ${y}`);
  };
  const end = (): void => {
    drawing.current = false;
  };
  return (
    <svg
      className="signature-pad"
      viewBox={`0 0 ${drawnWidth} ${drawnHeight}`}
      role="img"
      aria-label={path === '' ? 'Draw your signature here' : 'Your signature'}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <path className="signature-rule" d={`M20 ${drawnHeight - 34}H${drawnWidth - 20}`} />
      <path d={path} />
    </svg>
  );
};

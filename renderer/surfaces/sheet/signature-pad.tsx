import { useRef } from 'react';
import type { PointerEvent } from 'react';
import { drawnHeight, drawnWidth } from '../../../shared/sign-off/events.ts';

/** Moves shorter than this many units add nothing to a signature but length. */
const step = 3;

type Point = readonly [x: number, y: number];

/** The place of a pointer in units of the box, kept within it. */
const placeIn = (box: DOMRect, { clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Point => {
  const within = (share: number, most: number): number => Math.round(Math.min(most, Math.max(0, share * most)));
  return [within((clientX - box.left) / box.width, drawnWidth), within((clientY - box.top) / box.height, drawnHeight)];
};

/** What draws now, a pointer by its id, and where it was last. */
type Pen = { readonly id: number; readonly at: Point };

/**
 * A box to sign in with a pointer, a pen or a finger. `path` is the drawing as the log keeps it; empty: nothing yet.
 * What is drawn is added to what there is by then: several moves may come before the next picture.
 */
export const SignaturePad = ({
  path,
  onDraw,
}: {
  readonly path: string;
  readonly onDraw: (change: (before: string) => string) => void;
}) => {
  const pen = useRef<Pen | null>(null);
  const begin = (event: PointerEvent<SVGSVGElement>): void => {
    // A palm or a second finger beside the one that draws is no stroke.
    if (pen.current !== null || event.button !== 0) return;
    const { currentTarget, pointerId } = event;
    currentTarget.setPointerCapture(pointerId);
    const [x, y] = placeIn(currentTarget.getBoundingClientRect(), event);
    pen.current = { id: pointerId, at: [x, y] };
    // A move alone draws nothing: with a line to itself it is a dot.
    onDraw((before) => `${before}M${x} ${y}L${x} ${y}`);
  };
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    if (pen.current?.id !== event.pointerId) return;
    const box = event.currentTarget.getBoundingClientRect();
    const between = event.nativeEvent.getCoalescedEvents();
    let lines = '';
    for (const own of between.length === 0 ? [event] : between) {
      const [fromX, fromY] = pen.current.at;
      const [x, y] = placeIn(box, own);
      if (Math.hypot(x - fromX, y - fromY) < step) continue;
      pen.current = { id: event.pointerId, at: [x, y] };
      lines += `L${x} ${y}`;
    }
    if (lines !== '') onDraw((before) => before + lines);
  };
  const end = ({ pointerId }: PointerEvent<SVGSVGElement>): void => {
    if (pen.current?.id === pointerId) pen.current = null;
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
      onLostPointerCapture={end}
    >
      <path className="signature-rule" d={`M20 ${drawnHeight - 34}H${drawnWidth - 20}`} />
      <path d={path} />
    </svg>
  );
};

import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

const sliceLength = 80;
/** Drawn ahead of the view, in px, so that scrolling finds rows and not gaps. */
const ahead = '1500px';

type SliceProps = { readonly estimate: number; readonly children: () => ReactNode };

/** Draws its rows while they are near the view; away from it only their height stays. */
const Slice = ({ estimate, children }: SliceProps) => {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [height, setHeight] = useState(estimate);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return;
        if (!entry.isIntersecting && element.childElementCount > 0) setHeight(entry.boundingClientRect.height);
        setNear(entry.isIntersecting);
      },
      { rootMargin: `${ahead} 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} style={near ? {} : { height }}>
      {near && children()}
    </div>
  );
};

type Props<Row> = {
  readonly rows: readonly Row[];
  /** About how high a row is, in px. */
  readonly heightOf: (row: Row) => number;
  readonly draw: (row: Row) => ReactNode;
};

/** A list of any length that costs what is in view: a document of 5 MiB must not freeze the page. */
export const Slices = <Row,>({ rows, heightOf, draw }: Props<Row>) => {
  const slices = Array.from({ length: Math.ceil(rows.length / sliceLength) }, (_, at) =>
    rows.slice(at * sliceLength, (at + 1) * sliceLength),
  );
  return slices.map((slice, at) => (
    <Slice key={at} estimate={slice.reduce((sum, row) => sum + heightOf(row), 0)}>
      {() => slice.map(draw)}
    </Slice>
  ));
};

import { Children, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

type Props = {
  readonly label: string;
  readonly rest: (count: number) => string;
  readonly children: readonly ReactNode[];
};

/** How many of the list's lines end within it; with a line kept for the rest where not all do. */
const fit = (list: HTMLElement): number => {
  const lines = [...list.children].filter((line): line is HTMLElement => line instanceof HTMLElement);
  const items = lines.filter((line) => line.dataset['rest'] === undefined);
  const bottom = list.clientHeight;
  const ends = items.map((line) => line.offsetTop + line.offsetHeight);
  if ((ends.at(-1) ?? 0) <= bottom + 1) return items.length;
  const rest = lines.at(-1)?.offsetHeight ?? 0;
  return ends.filter((end) => end + rest <= bottom + 1).length;
};

/** A list that shows as many lines as there is room for, whole ones, and says how many it leaves out. Nothing scrolls. */
export const Fitting = ({ label, rest, children }: Props) => {
  const ref = useRef<HTMLUListElement>(null);
  const [shown, setShown] = useState(Infinity);
  const all = Children.toArray(children);
  useLayoutEffect(() => {
    const list = ref.current;
    if (list === null) return;
    const measure = (): void => setShown(fit(list));
    const observer = new ResizeObserver(measure);
    observer.observe(list);
    measure();
    return () => observer.disconnect();
  }, [all.length]);
  const hidden = Math.max(0, all.length - shown);
  return (
    <ul className="wall-fitting" aria-label={label} ref={ref} data-hidden={hidden}>
      {all.map((child, at) => (
        <li className="wall-fitting-line" key={at} data-out={at >= shown}>
          {child}
        </li>
      ))}
      {all.length > 0 && (
        <li className="wall-rest" data-rest="" data-out={hidden === 0}>
          {rest(hidden)}
        </li>
      )}
    </ul>
  );
};

import { memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { WallTile } from '../../../shared/wall/tiles.ts';
import { Age } from '../../parts/age.tsx';
import { Glyph, toneOf } from '../../parts/glyph.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import { isQuiet, planTiles } from './tile-plan.ts';
import type { PlacedTile, TilePlan } from './tile-plan.ts';
import { wallWords } from './words.ts';
import './wall-tiles.css';

/** What is left out of a label that is too long is its middle: "p95" at its end may be all that tells it from its neighbour. */
const Label = ({ label }: { readonly label: string }) => {
  const [, head = label, tail = ''] = /^(.{6,}?)(\s(?=\S*\d)\S{1,6})$/u.exec(label) ?? [];
  return (
    <span className="wall-label">
      <span>{head}</span>
      {tail !== '' && <span>{tail}</span>}
    </span>
  );
};

const Value = ({ tile }: { readonly tile: WallTile }) =>
  tile.number === '' ? null : (
    <span className="wall-value">
      {tile.number}
      {tile.unit !== '' && <small>{tile.unit}</small>}
    </span>
  );

const State = ({ tile }: { readonly tile: WallTile }) => (
  <span className="wall-state">
    <Glyph name={tile.state} />
    <b>{wallWords[tile.state]}</b>
  </span>
);

const Tile = memo(({ tile, wide, tall }: PlacedTile) => (
  <li
    className="wall-tile"
    data-state={tile.state}
    data-tone={toneOf(tile.state)}
    data-quiet={isQuiet(tile.state)}
    data-wide={wide}
    data-tall={tall}
    data-empty={tile.number === ''}
  >
    <Label label={tile.label} />
    <Value tile={tile} />
    {tall === 2 && tile.lines !== '' && <span className="wall-lines">{tile.lines}</span>}
    {wide === 2 && tile.points.length > 1 && (
      <Sparkline
        points={tile.points}
        target={tile.target ?? undefined}
        alert={tile.alert ?? undefined}
        baseline={tile.baseline}
      />
    )}
    <State tile={tile} />
    {tile.at !== null && <Age at={tile.at} />}
  </li>
));

/** The last cell: how many are not shown, and how they stand, state by state. */
const More = ({ more, rest }: Pick<TilePlan, 'more' | 'rest'>) => (
  <li className="wall-tile wall-more" data-quiet="true" data-wide={rest.wide} data-apart={rest.apart}>
    <span className="wall-label">and {more.reduce((sum, { count }) => sum + count, 0)} more</span>
    {more.map(({ state, count }) => (
      <span className="wall-count" key={state}>
        <Glyph name={state} label={wallWords[state]} />
        <b>{count}</b>
      </span>
    ))}
  </li>
);

/** The size of an element, as it is and as it becomes. */
const useArea = () => {
  const ref = useRef<HTMLUListElement>(null);
  const [area, setArea] = useState({ width: 0, height: 0 });
  // Before anything is painted: a wall that comes back must not come back empty.
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => {
      const { width, height } = element.getBoundingClientRect();
      setArea((was) => (was.width === width && was.height === height ? was : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return { ref, area };
};

/** As many tiles as can be read from where people stand, the worst first. */
export const Tiles = ({ tiles, text }: { readonly tiles: readonly WallTile[]; readonly text: number }) => {
  const { ref, area } = useArea();
  const plan = useMemo(() => (area.width === 0 ? null : planTiles(tiles, area, text)), [tiles, area, text]);
  return (
    <ul
      className="wall-tiles"
      aria-label="Metrics and probes"
      ref={ref}
      style={{
        gridTemplateColumns: `repeat(${plan?.columns ?? 1}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${plan?.rows ?? 1}, minmax(0, 1fr))`,
      }}
    >
      {plan?.placed.map((placed) => (
        <Tile key={placed.tile.id} {...placed} />
      ))}
      {plan !== null && plan.more.length > 0 && <More more={plan.more} rest={plan.rest} />}
      {tiles.length === 0 && <li className="wall-tile wall-label">No metric and no probe in this target.</li>}
    </ul>
  );
};

import { scenarios } from '../../../shared/scenarios.ts';
import { healthStates } from '../../../shared/health.ts';
import type { HealthState } from '../../../shared/health.ts';
import { serverNow } from '../../now.ts';
import { Glyph, glyphNames, stateWord } from '../../parts/glyph.tsx';
import { MetricTile } from '../../parts/metric-tile.tsx';
import { ThemeSwitch } from '../../parts/theme-switch.tsx';
import { emptyView, withTick } from '../../run-view.ts';
import { RoomProvider } from '../room/room-context.tsx';
import { Room } from '../room/room.tsx';
import { noticeScenes } from './notice-scenes.ts';
import { PaperList, PaperScene } from './paper-scene.tsx';
import { galleryContext, sceneOf } from './scenes.ts';
import { WallScene } from './wall-scene.tsx';
import './gallery.css';

const Glyphs = () => (
  <section>
    <h2>States</h2>
    <ul className="gallery-glyphs">
      {glyphNames.map((name) => (
        <li key={name}>
          <Glyph name={name} />
          <span>{stateWord(name)}</span>
        </li>
      ))}
    </ul>
  </section>
);

const Tiles = () => {
  const now = serverNow();
  const context = galleryContext();
  const every = scenarios.find(({ name }) => name === 'every-state');
  if (every === undefined) return null;
  const view = withTick(emptyView(context), every.build(context, now).tick);
  const [anyMetric] = Object.values(context.target.metrics);
  if (anyMetric === undefined) return null;
  const ofState = (state: HealthState) => [...view.metrics.values()].find((health) => health.state === state);
  return (
    <section>
      <h2>Tiles</h2>
      <div className="tiles gallery-tiles">
        <MetricTile
          spec={{ ...anyMetric, label: 'Coverage, while the tests run' }}
          health={undefined}
          baseline={null}
          points={[]}
          underWay={{ probe: 'tests', since: now - 45_000, deadlineMs: 1_200_000, line: 'PASS src/deliveries.test.ts' }}
          old={false}
          onOpen={() => {}}
        />
        {[false, true].flatMap((old) =>
          healthStates.flatMap((state) => {
            const health = ofState(state);
            const spec = health === undefined ? undefined : context.target.metrics[health.id];
            return spec === undefined || health === undefined
              ? []
              : [
                  <MetricTile
                    key={`${state} ${old}`}
                    spec={spec}
                    health={health}
                    baseline={null}
                    points={view.points.get(health.id) ?? []}
                    old={old}
                    onOpen={() => {}}
                  />,
                ];
          }),
        )}
      </div>
    </section>
  );
};

const Index = () => (
  <main className="gallery">
    <header className="row">
      <h1>Gallery</h1>
      <span className="grow" />
      <ThemeSwitch />
    </header>
    <section>
      <h2>Rooms</h2>
      <ul className="gallery-rooms">
        {scenarios.map(({ name, sentence }) => (
          <li key={name}>
            <a href={`?gallery=${name}`}>{name}</a> {sentence} <a href={`?gallery=${name}&wall&inches=55`}>On a wall</a>
          </li>
        ))}
        <li>
          <a href="?gallery=very-long">very-long</a> 1,000 items in one phase, and 100 metrics that move every second.
        </li>
      </ul>
    </section>
    <section>
      <h2>Notices</h2>
      <ul className="gallery-rooms">
        {Object.entries(noticeScenes).map(([name, [sentence]]) => (
          <li key={name}>
            <a href={`?gallery=calm&notices=${name}`}>{name}</a> {sentence}
          </li>
        ))}
      </ul>
    </section>
    <PaperList />
    <Glyphs />
    <Tiles />
  </main>
);

/** Every part and every scenario, without an app behind it: `?gallery`, and `?gallery=calm` for one room. */
export const Gallery = () => {
  const asked = new URLSearchParams(location.search);
  if (asked.get('gallery') === 'paper') return <PaperScene asked={asked} />;
  const scene = sceneOf(asked.get('gallery') ?? '', asked.get('notices') ?? '');
  if (scene === null) return <Index />;
  const wall = asked.get('wall');
  if (wall !== null) return <WallScene view={scene.view.get()} overlay={wall} />;
  return (
    <RoomProvider value={scene}>
      <Room />
    </RoomProvider>
  );
};

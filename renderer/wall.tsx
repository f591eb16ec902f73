import './base.css';
import { createRoot } from 'react-dom/client';
import type { RunId } from '../shared/events.ts';
import { openScreen } from './surfaces/wall/screen.ts';
import { openWall } from './surfaces/wall/wall-state.ts';
import { Wall } from './surfaces/wall/wall.tsx';

/** The page of the walls. Nothing it loads can change a run: it follows, and draws. */
const address = new URLSearchParams(location.hash.slice(1));
const run = address.get('wall');
const screen = openScreen(address);
const feed = openWall(run === null || run === '' ? null : (run as RunId));

const root = document.getElementById('root');
if (root === null) throw new Error('wall.html has no #root');
document.documentElement.dataset['medium'] = 'wall';
// Another run or other sizes in the address: the page begins anew with them.
addEventListener('hashchange', () => location.reload());

const reloadMs = 2_000;
/** A wall has nobody at hand: a fault of its own is answered by opening it again, which loses nothing. */
createRoot(root, {
  onUncaughtError: (error) => {
    console.error(error);
    setTimeout(() => location.reload(), reloadMs);
  },
}).render(<Wall feed={feed} screen={screen} />);

import { createStore } from '../../store.ts';

/** Which side of the app itself is in view, over whatever surface; null: none. */
export const about = createStore<'app' | 'news' | 'secrets' | 'walls' | null>(null);

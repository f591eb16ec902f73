import { theme } from '../look.ts';
import type { Theme } from '../look.ts';
import { useStore } from '../store.ts';

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const drawings: Readonly<Record<Theme, string>> = {
  system: 'M3 5h18v11H3ZM8.5 20.5h7M12 16.5v4',
  light:
    'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
};

/** Follows the system until a person says otherwise; three presses lead back. */
export const ThemeSwitch = () => {
  const now = useStore(theme, (value) => value);
  return (
    <button
      className="quiet"
      onClick={() => theme.set(next[now])}
      aria-label={`Theme: ${now}. Change to ${next[now]}`}
      title={`Theme: ${now}`}
    >
      <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
        <path d={drawings[now]} />
      </svg>
    </button>
  );
};

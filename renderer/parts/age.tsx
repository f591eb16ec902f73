import { useNow } from '../now.ts';
import { age, span } from '../words.ts';

/** How old a value is, in words that move by themselves. */
export const Age = ({ at, suffix = '' }: { readonly at: number | null; readonly suffix?: string }) => {
  const words = useNow((now) => (at === null ? '—' : age(now - at)));
  return (
    <span className="age">
      {words}
      {at === null || words === 'now' ? '' : suffix}
    </span>
  );
};

/** A length of time that grows since `at`. */
export const Since = ({ at }: { readonly at: number }) => (
  <span className="age">{useNow((now) => span(now - at))}</span>
);

import { useNow } from '../now.ts';
import { span } from '../words.ts';

type Props = { readonly since: number; readonly ofMs?: number };

/** How long something runs by now, and how long it may: "running 0:45 of 20:00". */
export const Running = ({ since, ofMs }: Props) => (
  <>
    running {useNow((now) => span(now - since))}
    {ofMs !== undefined && ` of ${span(ofMs)}`}
  </>
);

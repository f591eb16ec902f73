import { serverNow, setClockOffset } from '../../now.ts';

const kept = 5;
const apartMs = 300;

/**
 * Follows the desk's clock by what it says of itself. Delay can only make that look slow: the quickest of the last second
 * is nearest to it, and a message that was late moves nothing.
 */
export const followClock = (): ((at: number) => void) => {
  const ahead: number[] = [];
  return (at) => {
    ahead.push(at - Date.now());
    if (ahead.length > kept) ahead.shift();
    const offset = Math.max(...ahead);
    if (Math.abs(serverNow() - Date.now() - offset) > apartMs) setClockOffset(offset);
  };
};

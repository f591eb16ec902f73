/** Words for times. All take ms; none reads a clock. */

const pad = (n: number): string => String(n).padStart(2, '0');

/** "T−00:12:30", "T+1 d 02:15:04": a time since T-0, negative before it. */
export const tClock = (since: number): string => {
  const sign = since < 0 ? '\u2212' : '+';
  const total = Math.floor(Math.abs(since) / 1_000);
  const days = Math.floor(total / 86_400);
  const rest = `${pad(Math.floor(total / 3_600) % 24)}:${pad(Math.floor(total / 60) % 60)}:${pad(total % 60)}`;
  return `T${sign}${days > 0 ? `${days} d ` : ''}${rest}`;
};

/** The short form beside an entry: "T+4:08", "T+2:10:00". */
export const tShort = (since: number): string => {
  const sign = since < 0 ? '\u2212' : '+';
  const total = Math.floor(Math.abs(since) / 1_000);
  const hours = Math.floor(total / 3_600);
  const minutes = Math.floor(total / 60) % 60;
  return hours > 99
    ? `T${sign}${Math.floor(hours / 24)} d`
    : `T${sign}${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(total % 60)}`;
};

/** "now", "9 s", "4 min", "2 h", "3 d". */
export const age = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 1) return 'now';
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
};

/** "0:48", "12:05", "1:02:33", "2 d 4 h": a length of time, to count down with. */
export const span = (ms: number): string => {
  const total = Math.max(0, Math.round(ms / 1_000));
  const hours = Math.floor(total / 3_600);
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  const minutes = Math.floor(total / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(total % 60)}` : `${minutes}:${pad(total % 60)}`;
};

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const shortFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "14:02:09" in the zone of this machine. */
export const clockTime = (at: number): string => clockFormat.format(at);
export const clockMinute = (at: number): string => shortFormat.format(at);

/** "3 Dec 2026, 14:02". */
export const dayTime = (at: number): string => `${dayFormat.format(at)}, ${shortFormat.format(at)}`;

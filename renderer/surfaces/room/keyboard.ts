/** One-key actions of the room, as data: the help shows the same list that the keys obey. */
export const roomKeys = [
  { keys: ['j', 'ArrowDown'], action: 'next', label: 'Next item', shown: 'J' },
  { keys: ['k', 'ArrowUp'], action: 'previous', label: 'Item before', shown: 'K' },
  { keys: [' '], action: 'tick', label: 'Tick the current item', shown: 'Space' },
  { keys: ['n'], action: 'note', label: 'Note on the current item', shown: 'N' },
  { keys: ['r'], action: 'check', label: 'Check now', shown: 'R' },
  { keys: ['o'], action: 'override', label: 'Override with a reason', shown: 'O' },
  { keys: ['d'], action: 'defer', label: 'Defer to a later phase', shown: 'D' },
  { keys: ['x'], action: 'waive', label: 'Not applicable', shown: 'X' },
  { keys: ['u'], action: 'undo', label: 'Take back the tick or mark', shown: 'U' },
  { keys: ['c'], action: 'copy', label: 'Copy the first command', shown: 'C' },
  { keys: ['b'], action: 'compare', label: 'Before and after', shown: 'B' },
  { keys: ['g'], action: 'gate', label: 'The gate ahead', shown: 'G' },
  { keys: ['t'], action: 'rounds', label: 'Rounds of readings', shown: 'T' },
  { keys: ['a'], action: 'alarms', label: 'Alarms, and back', shown: 'A' },
  { keys: ['y'], action: 'acknowledge', label: 'Acknowledge the first alarm', shown: 'Y' },
  { keys: ['m'], action: 'mute', label: 'Alarm tone on or off', shown: 'M' },
  { keys: ['i'], action: 'incidents', label: 'Incidents and escalations', shown: 'I' },
  { keys: ['s'], action: 'notices', label: 'Notices to send, and back', shown: 'S' },
  { keys: ['l'], action: 'commands', label: 'Commands of the document', shown: 'L' },
  { keys: ['w'], action: 'links', label: 'Web links: dashboards and references', shown: 'W' },
  { keys: [']'], action: 'next-phase', label: 'Look at the next phase', shown: ']' },
  { keys: ['['], action: 'previous-phase', label: 'Look at the phase before', shown: '[' },
  { keys: ['.'], action: 'current', label: 'Back to the current item', shown: '.' },
  { keys: ['?'], action: 'help', label: 'These keys', shown: '?' },
] as const;

export type RoomAction = (typeof roomKeys)[number]['action'] | 'palette';

export type Press = {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  /** What has the focus: in a field or a dialog letters are text, and a focused control keeps its own Space. */
  readonly on: 'page' | 'control' | 'field' | 'dialog' | 'dialog-field';
  /** Off where a person has switched the one-key actions off (WCAG 2.1.4). */
  readonly oneKey: boolean;
};

/** What a key press means in the room; null: leave it to the browser. */
export const actionFor = (press: Press): RoomAction | null => {
  if ((press.ctrl || press.meta) && press.key.toLowerCase() === 'k')
    return press.on === 'dialog' || press.on === 'dialog-field' ? null : 'palette';
  if (press.ctrl || press.meta || press.alt || !press.oneKey) return null;
  if (press.on === 'field' || press.on === 'dialog-field') return null;
  // What sounds is silenced from wherever it is heard; everything else waits until the dialog is closed.
  if (press.on === 'dialog') return press.key.toLowerCase() === 'm' ? 'mute' : null;
  if (press.on === 'control' && (press.key === ' ' || press.key.startsWith('Arrow'))) return null;
  const wanted = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return roomKeys.find(({ keys }) => (keys as readonly string[]).includes(wanted))?.action ?? null;
};

/** What the focus is on, for `actionFor`. */
export const focusKind = (target: EventTarget | null): Press['on'] => {
  if (!(target instanceof Element)) return 'page';
  const field = target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable="true"]') !== null;
  if (target.closest('[role="dialog"], [role="alertdialog"]') !== null) return field ? 'dialog-field' : 'dialog';
  if (field) return 'field';
  // The title of the current item is where a click leaves the focus: Space ticks from there.
  if (target.closest('[aria-current="step"] .item-title') !== null) return 'page';
  return target.closest('button, a, input, summary, [role="checkbox"], [role="radio"], [role="switch"]') === null
    ? 'page'
    : 'control';
};

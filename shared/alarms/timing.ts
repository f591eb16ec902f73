/** The times and counts of the alarm rules, in ms (EEMUA 191, ISA-18.2). */

const minute = 60_000;

/** Over which new alarms are counted, and the counts at which a flood begins and ends. */
export const floodWindowMs = 10 * minute;
export const floodAbove = 10;
export const floodBelow = 5;

/**
 * More failures than this within the window are chatter, as ISA-18.2 calls what people read as flapping; it is over once
 * nothing changed for as long.
 */
export const chatterWindowMs = 5 * minute;
export const chatterAbove = 3;

/** A value that no longer proves its line crossed, but shows too little to be called well, clears after this long. */
export const littleClearsMs = minute;

/** What is critical and can't be judged for this many of its intervals, and no less than this long, asks for somebody. */
export const unjudgedIntervals = 4;
export const unjudgedLeastMs = minute / 2;

/** How many of the newest answers must fail, where the target says nothing else. */
export const usualBreach = { x: 2, y: 3 } as const;

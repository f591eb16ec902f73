import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, reason, runId } from '../calls.ts';

/** What windows ask for about alarms; a part of the contract. */

const alarm = z.string().min(1).max(300);

/** The longest that an alarm may be put aside. */
export const longestShelfMinutes = 60;

export const alarmContract = {
  /** Says that somebody has seen them; they stay until their condition is gone. Those acknowledged already are left alone. */
  acknowledge: operate.input(z.object({ runId, alarms: z.array(alarm).min(1).max(2_000) })).output(type<void>()),
  shelve: operate
    .input(
      z.object({
        runId,
        alarm,
        minutes: z
          .number()
          .int()
          .min(1)
          .max(longestShelfMinutes, `an alarm is shelved for ${longestShelfMinutes} minutes at most`),
        reason,
      }),
    )
    .output(type<void>()),
  unshelve: operate.input(z.object({ runId, alarm })).output(type<void>()),
};

import { ORPCError } from '@orpc/client';
import type { RefusalCode } from '../shared/errors.ts';
import type { Notices } from './notices.ts';

/** The sentence a person reads when something was refused or failed. */
export const sentenceOf = (error: unknown): string => {
  if (error instanceof ORPCError) {
    return error.code === 'INTERNAL_SERVER_ERROR' ? `War Room met a fault of its own: ${error.message}` : error.message;
  }
  return error instanceof Error ? error.message : 'Something failed that nobody described.';
};

/** Whether the app refused this for that reason. */
export const refusedAs = (error: unknown, code: RefusalCode): boolean =>
  error instanceof ORPCError &&
  typeof error.data === 'object' &&
  error.data !== null &&
  'code' in error.data &&
  error.data.code === code;

/** Waits for what was asked of the app; a refusal is shown with its sentence. Resolves to whether it was taken. */
export const takenWith =
  (notices: Notices) =>
  (call: Promise<unknown>): Promise<boolean> =>
    call.then(
      () => true,
      (error: unknown) => {
        notices.say(sentenceOf(error), 'fail');
        return false;
      },
    );

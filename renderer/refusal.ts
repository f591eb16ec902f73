import { ORPCError } from '@orpc/client';

/** The sentence a person reads when something was refused or failed. */
export const sentenceOf = (error: unknown): string => {
  if (error instanceof ORPCError) {
    return error.code === 'INTERNAL_SERVER_ERROR' ? `War Room met a fault of its own: ${error.message}` : error.message;
  }
  return error instanceof Error ? error.message : 'Something failed that nobody described.';
};

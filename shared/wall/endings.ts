/** Why the desk ended the connection of a wall for good. */
export type Ending = 'revoked' | 'expired';

/** The same as close codes of a WebSocket, from the range that is free for applications. */
export const endingCodes: Readonly<Record<Ending, number>> = { revoked: 4_001, expired: 4_002 };

export const endings: Readonly<Record<number, Ending>> = {
  [endingCodes.revoked]: 'revoked',
  [endingCodes.expired]: 'expired',
};

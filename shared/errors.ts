/** Every refusal a person can meet, as a closed list: the code is for machines, the sentence for the operator. */
export const refusalCodes = [
  'bad-input', // what came in can't be used as it is: a file, a flag, a value
  'not-found',
  'not-allowed', // the caller's grant, role or identity does not reach this
  'conflict', // the state of the run forbids it now
  'in-use', // another process or run holds it
  'too-large',
  'unavailable', // something this needs is missing on this machine or does not answer
  'newer-version', // written by a newer War Room
  'corrupt', // bytes that fail their own checks
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** An expected refusal: the sentence says what, where and what to do. Anything else thrown is a bug and shows as "internal". */
export class WarRoomError extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'WarRoomError';
    this.code = code;
  }
}

export const refuse = (code: RefusalCode, sentence: string): never => {
  throw new WarRoomError(code, sentence);
};

import { mapEventIterator } from '@orpc/client';
import { ORPCError, implement } from '@orpc/server';
import { contract } from '../../shared/contract.ts';
import type { Grant } from '../../shared/calls.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { RefusalCode } from '../../shared/errors.ts';
import type { Caller } from '../caller.ts';
import type { Log } from '../log.ts';
import { sayFull } from '../store/whole-file.ts';

/** What every procedure gets with a call. */
export type CallContext = { readonly caller: Caller; readonly log: Log };

const status: Record<RefusalCode, string> = {
  'bad-input': 'BAD_REQUEST',
  'not-found': 'NOT_FOUND',
  'not-allowed': 'FORBIDDEN',
  conflict: 'CONFLICT',
  'in-use': 'CONFLICT',
  'too-large': 'PAYLOAD_TOO_LARGE',
  unavailable: 'SERVICE_UNAVAILABLE',
  'newer-version': 'CONFLICT',
  corrupt: 'INTERNAL_SERVER_ERROR',
};

/** A refusal as it crosses the wire: the sentence is for the operator, `data.code` for the window. */
const refusal = (code: RefusalCode, sentence: string): ORPCError<string, { readonly code: RefusalCode }> =>
  new ORPCError(status[code], { message: sentence, data: { code } });

/** The words of an input that does not fit, with the field they are about. */
const badInput = (cause: unknown): string => {
  const issues =
    typeof cause === 'object' && cause !== null && 'issues' in cause && Array.isArray(cause.issues) ? cause.issues : [];
  const said = issues.slice(0, 3).map((issue: { path?: readonly PropertyKey[]; message?: string }) => {
    const where = (issue.path ?? []).map(String).join('.');
    return where === '' ? String(issue.message) : `${where}: ${String(issue.message)}`;
  });
  return said.length === 0 ? 'What was sent does not fit this request.' : `${said.join('; ')}.`;
};

/** What an error becomes on the wire: a refusal keeps its sentence; anything else is logged with its cause. */
const onTheWire = (thrown: unknown, path: readonly string[], log: Log): unknown => {
  const error = sayFull(thrown);
  if (error instanceof WarRoomError) return refusal(error.code, error.message);
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST')
    return refusal('bad-input', badInput(error.cause ?? error.data));
  if (error instanceof ORPCError || (error instanceof Error && error.name === 'AbortError')) return error;
  log.error(`internal fault in ${path.join('.')}`, error);
  return new ORPCError('INTERNAL_SERVER_ERROR', {
    message: 'War Room met a fault of its own; the log has the cause. The run is not affected.',
  });
};

const isStream = (output: unknown): output is AsyncIterator<unknown> =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

/**
 * The one door: a caller without the procedure's grant is refused before its input is read; an expected refusal keeps
 * its sentence, also in the middle of a stream; anything else crosses as "internal", never as the target's fault.
 */
export const os = implement(contract)
  .$context<CallContext>()
  .use(async ({ context, procedure, path, next }) => {
    const { grant } = procedure['~orpc'].meta as { readonly grant?: Grant };
    if (grant !== 'watch' && context.caller.grant !== 'operate')
      throw refusal('not-allowed', 'This screen may only watch. Sign in at the desk to change the run.');
    try {
      const result = await next();
      if (!isStream(result.output)) return result;
      const output = mapEventIterator(result.output, {
        value: (value) => value,
        error: async (error) => onTheWire(error, path, context.log),
      });
      return { ...result, output: output as typeof result.output };
    } catch (error) {
      throw onTheWire(error, path, context.log);
    }
  });

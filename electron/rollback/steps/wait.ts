import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { WarRoomError } from '../../../shared/errors.ts';
import { formatSpan } from '../../../shared/format.ts';
import { isWell } from '../../../shared/health.ts';
import { readyBehind } from '../../../shared/rollback/guard.ts';
import type { ClusterView } from '../../../shared/rollback/guard.ts';
import { defineStep } from '../step.ts';
import type { StepContext, StepEnd } from '../step.ts';

const paramsSchema = z.strictObject({
  probes: z.array(z.string()).default([]),
  metrics: z.array(z.string()).default([]),
  /** Ready pods that must be behind the Service. */
  endpoints: z.number().int().min(1).optional(),
  forMs: z.number().int().min(0).default(120_000),
});
type Params = z.output<typeof paramsSchema>;

const together = new Intl.ListFormat('en');

const pollMs = 1_000;
/** Nobody looked for longer than this, as while the machine slept: what was well before counts no more. */
const mostGapMs = 20_000;

/** The cluster, or why it could not be asked this time: while waiting, the next time may do. */
const seen = async (context: StepContext): Promise<ClusterView | string> => {
  try {
    return await context.cluster();
  } catch (cause) {
    if (cause instanceof WarRoomError) return cause.message;
    throw cause;
  }
};

/** What is not as it must be, in words; empty when all is. */
const missing = async (params: Params, context: StepContext): Promise<readonly string[]> => {
  const health = [...params.probes, ...params.metrics].flatMap((id) => {
    const now = context.health(id);
    if (now === null) return [`${id}: nothing is known of it`];
    return isWell(now.state) ? [] : [`${id}: ${now.sentence === '' ? now.state : now.sentence}`];
  });
  if (params.endpoints === undefined || context.service === null) return health;
  const view = await seen(context);
  if (typeof view === 'string') return [view, ...health];
  const ready = readyBehind(view, context.service).length;
  return ready >= params.endpoints
    ? health
    : [`${ready} of ${params.endpoints} ready pods behind ${context.service}`, ...health];
};

/** Waits until everything named has been inside its limits for a time without a break. No data is not inside. */
export const waitStep = defineStep({
  kind: 'wait',
  summary: 'Wait until probes and metrics stay inside their limits',
  params: paramsSchema,
  preview: ({ probes, metrics, endpoints, forMs }) => {
    const what = [
      ...(endpoints === undefined ? [] : [`${endpoints} ready pods behind the Service`]),
      ...probes,
      ...metrics,
    ];
    return {
      words: `Wait until ${what.length === 0 ? 'the time has passed' : `${together.format(what)} ${what.length === 1 ? 'is' : 'are'} ok`} for ${formatSpan(forMs)}`,
      argv: null,
      effect: null,
      watching: true,
    };
  },
  run: async (params, context): Promise<StepEnd> => {
    // From the first look at which all was well: one well look long after a bad one says nothing of the time between.
    let since: number | null = null;
    let looked = Date.now();
    let said = '';
    for (;;) {
      const wrong = await missing(params, context);
      const gapMs = Date.now() - looked;
      looked += gapMs;
      if (wrong.length > 0) since = null;
      else if (since === null || gapMs > mostGapMs) since = performance.now();
      const now = wrong.length === 0 ? 'Everything is inside its limits.' : wrong.join('\n');
      if (now !== said) await context.say(now);
      said = now;
      const forMs = since === null ? 0 : performance.now() - since;
      if (since !== null && forMs >= params.forMs)
        return { outcome: 'done', sentence: `Inside its limits for ${formatSpan(forMs)}.` };
      if (context.signal.aborted)
        return { outcome: 'failed', sentence: `Not well for long enough. ${wrong.join('; ')}`.trim() };
      await sleep(Math.min(pollMs, Math.max(50, params.forMs - forMs)), undefined, { ref: false });
    }
  },
});

import type { Reading } from '../../shared/health.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { ProbeAbsent, ProbeUnknown } from '../probes/probe.ts';
import type { Answer, Probe } from '../probes/probe.ts';

type Verdict = Pick<Reading, 'verdict' | 'reason' | 'sentence'>;

const nothing: Readonly<Record<string, never>> = Object.freeze({});

/** Node's longest timer. */
const longest = 2 ** 31 - 1;

/** A probe gets this long after its deadline to end by itself. */
const graceMs = 60;

const seconds = (ms: number): string => `${ms / 1_000} s`;

/** What a throw says. Only a probe's own words reach people: the text of any other error may hold secrets, so it goes to the log. */
const verdictOf = (cause: unknown, id: string, deadlineMs: number, timedOut: boolean, log: Log): Verdict => {
  if (cause instanceof ProbeUnknown) return { verdict: 'unknown', reason: cause.reason, sentence: cause.message };
  if (cause instanceof ProbeAbsent) return { verdict: 'absent', reason: 'absent', sentence: cause.message };
  if (timedOut) return { verdict: 'unknown', reason: 'deadline', sentence: `No answer within ${seconds(deadlineMs)}.` };
  log.error(`probe "${id}" broke`, cause);
  return {
    verdict: 'internal',
    reason: 'internal',
    sentence: 'War Room itself failed at this probe; its log says more. This says nothing about the target.',
  };
};

export type Attempt = {
  /** Resolves exactly once, at the latest shortly after the deadline; null when `stop` came first. */
  readonly ended: Promise<Reading | null>;
  /** Resolves once the probe itself has let go, which may be later. */
  readonly settled: Promise<void>;
  readonly stop: () => void;
  /** Ends it by a person's will: whatever it was asked is not known. */
  readonly cancel: (sentence: string) => void;
};

type Options = {
  readonly id: string;
  readonly probe: Probe;
  readonly deadlineMs: number;
  readonly memory: Map<string, unknown>;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears what an attempt that lasts says of itself, until it ended. */
  readonly onProgress?: (line: string, since: number) => void;
};

/** One run of one probe under its total deadline, whatever the probe does. */
export const attempt = ({ id, probe, deadlineMs, memory, clock, log, onProgress }: Options): Attempt => {
  const controller = new AbortController();
  const begun = clock.monotonic();
  const { promise, resolve } = Promise.withResolvers<Reading | null>();
  const since = clock.now();
  let cut: NodeJS.Timeout | undefined;
  let over = false;

  const end = (verdict: Verdict, answer: Answer | null): void => {
    over = true;
    clearTimeout(timer);
    clearTimeout(cut);
    resolve({
      probe: id,
      at: clock.now(),
      tookMs: clock.monotonic() - begun,
      verdict: verdict.verdict,
      reason: verdict.reason,
      sentence: verdict.sentence,
      values: answer?.values ?? nothing,
      facts: answer?.facts ?? nothing,
    });
  };
  const timer = setTimeout(
    () => {
      cut = setTimeout(() => {
        log.error(`probe "${id}" ignored its deadline`);
        end(
          {
            verdict: 'internal',
            reason: 'deadline-ignored',
            sentence: 'War Room itself failed: this probe ignored its deadline. This says nothing about the target.',
          },
          null,
        );
      }, graceMs);
      controller.abort(new DOMException('deadline', 'TimeoutError'));
    },
    Math.min(deadlineMs, longest),
  );

  const progress = (line: string): void => (over ? undefined : onProgress?.(line, since));
  const context = { signal: controller.signal, deadlineMs, now: clock.now, memory, progress };
  // The extra turn makes a synchronous throw of a probe a rejection like any other.
  const settled = Promise.resolve()
    .then(() => probe.run(context))
    .then((answer) => {
      if (answer.verdict !== 'up' && answer.verdict !== 'down') throw new TypeError('a probe gave no verdict');
      end(answer, answer);
    })
    // Also for an answer that is none: whatever a probe does, it is no news of the target.
    .catch((cause: unknown) => end(verdictOf(cause, id, deadlineMs, controller.signal.aborted, log), null));

  return {
    ended: promise,
    settled,
    cancel: (sentence) => {
      end({ verdict: 'unknown', reason: 'stopped', sentence }, null);
      controller.abort(new DOMException(sentence, 'AbortError'));
    },
    stop: () => {
      over = true;
      clearTimeout(timer);
      clearTimeout(cut);
      resolve(null);
      controller.abort(new DOMException('the run was closed', 'AbortError'));
    },
  };
};

import type { HealthState } from '../health.ts';

/** States in which nobody can tell how something is, though it was asked: they say nothing about the target. */
export const isUnjudged = (state: HealthState): state is 'unknown' | 'stale' | 'internal' =>
  state === 'unknown' || state === 'stale' || state === 'internal';

/** What is said of it: never that it fails. */
export const unjudgedWords = (sentence: string): string => `Cannot be judged. ${sentence}`;

/** What a person does then; the target's own words are for a failure. */
export const unjudgedTodo = (label: string, state: HealthState): string =>
  state === 'internal'
    ? `This is a fault of War Room and says nothing about the service: look in its log, and look at ${label} by hand until it is judged again.`
    : `Find out why it gives no answer that can be judged, and look at ${label} by hand meanwhile: it counts as neither well nor failing.`;

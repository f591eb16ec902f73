import { z } from 'zod';

/** Facts about the walls of a run; a part of the union in `shared/events.ts`. */
export const wallBodies = {
  /** Nothing that changes is heard from the walls until it is said otherwise. */
  'walls-silenced': z.strictObject({}),
  'walls-sounded': z.strictObject({}),
} as const;

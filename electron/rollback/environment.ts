import { z } from 'zod';
import type { StepContext } from './step.ts';

const plainName = /^[A-Z_][A-Z0-9_]{0,80}$/u;
const steering = /^(?:PATH|ENV|BASH_ENV|IFS|SHELLOPTS|BASHOPTS|PS4|NODE_OPTIONS|LD_.*|DYLD_.*)$/u;

/** Names and values that a step's process finds in its environment; a value may be "secret:NAME". */
export const environmentSchema = z
  .record(z.string(), z.string().max(100_000))
  .superRefine((env, context) => {
    for (const name of Object.keys(env)) {
      const problem = !plainName.test(name)
        ? 'is no name: capitals, digits and underscores'
        : steering.test(name)
          ? 'would change which program runs'
          : null;
      if (problem !== null) context.addIssue({ code: 'custom', path: [name], message: problem });
    }
  })
  .default({});

/** The values, with secrets looked up at the last moment, so that they stand in no event. */
export const environment = async (
  env: Readonly<Record<string, string>>,
  context: StepContext,
): Promise<Readonly<Record<string, string>>> => {
  const entries = await Promise.all(
    Object.entries(env).map(async ([name, value]) => [name, await context.secret(value)] as const),
  );
  return Object.fromEntries(entries);
};

/** What every process of a plan inherits: this app's environment without the app's own settings and secrets. */
export const inherited = (kubeconfig: string | null): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:WAR_ROOM_|ELECTRON_|NODE_OPTIONS$)/u.test(name));
  return { ...Object.fromEntries(kept), ...(kubeconfig === null ? {} : { KUBECONFIG: kubeconfig }) };
};

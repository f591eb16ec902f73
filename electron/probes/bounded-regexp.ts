import { Script, createContext } from 'node:vm';
import { z } from 'zod';

/** How long a pattern may think about one text. Some patterns take ages for some texts, and both may come from strangers. */
const mostMs = 50;

const script = new Script('new RegExp(source, "u").exec(text)?.slice(0, 2) ?? null');
const context = createContext(Object.create(null) as object);

export const regexpSchema = z.string().refine((source) => {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}, 'not a regular expression');

/** The first match and its first group, null without one, or 'too-slow'. */
export const matchWithin = (source: string, text: string): readonly (string | undefined)[] | null | 'too-slow' => {
  Object.assign(context, { source, text });
  try {
    const found: unknown = script.runInContext(context, { timeout: mostMs });
    // An array of the other context is not an instance of ours.
    return found === null ? null : Array.from(found as ArrayLike<string | undefined>);
  } catch (error) {
    // The error is of the other context, so it is no instance of our Error.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return 'too-slow';
    throw error;
  } finally {
    Object.assign(context, { source: '', text: '' });
  }
};

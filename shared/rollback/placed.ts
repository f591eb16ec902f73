const call = /(?<!["'\w./-])(?:kubectl|helm)\s+(?=[a-z-])(?!config\b|version\b|help\b|completion\b)/u;
const context = /--(?:kube-)?context[\s=]/u;

/**
 * Why a command or script must not run: it calls kubectl or helm without saying which cluster, so that it would act on,
 * or tell about, whatever this machine points at. Null where every call says so.
 */
export const unplaced = (text: string): string | null => {
  const whole = text.replaceAll('\\\n', ' ').split('\n');
  const line = whole.find((one) => !/^\s*#/u.test(one) && call.test(one) && !context.test(one));
  return line === undefined
    ? null
    : `"${line.trim().slice(0, 200)}" names no context: it would act on whatever this machine points at. Write --context and --namespace (for helm --kube-context) into it.`;
};

import type { Problem } from '../model.ts';
import type { Rule } from './document.ts';

const down = /(?<!["'\w./-])kubectl\b.*(?:\bset\s+replicas\s+(\S+)\s+0\s*$|\bscale\s+(\S+).*--replicas[= ]0\b)/u;
const up = /(?<!["'\w./-])kubectl\b.*(?:\bset\s+replicas\s+(\S+)\s+[1-9]\d*\s*$|\bscale\s+(\S+).*--replicas[= ][1-9])/u;

/** One workload taken to 0 before another one is brought up: nothing serves in between. */
export const downBeforeUp: Rule = ({ commands }) => {
  // The last one that brings something up in each fence: whether one follows is then known at once.
  const lastUp = new Map(
    commands.flatMap((command) => (up.test(command.text) ? [[command.group, command] as const] : [])),
  );
  return commands.flatMap((command): readonly Problem[] => {
    const gone = down.exec(command.text);
    const next = lastUp.get(command.group);
    if (gone === null || next === undefined || next.line <= command.line) return [];
    const raised = up.exec(next.text);
    const [old, back] = [gone[1] ?? gone[2] ?? 'NEW', raised?.[1] ?? raised?.[2] ?? 'OLD'];
    const at = 'kubectl --context CONTEXT -n NAMESPACE';
    return [
      {
        line: command.line,
        column: command.column,
        severity: 'error',
        code: 'down-before-up',
        message: `Nothing serves between this line and line ${next.line}. Bring the old version up first, wait until it is ready, shift the traffic, verify, and only then take the new one down.`,
        fix: [
          `${at} scale ${back} --replicas=N`,
          `${at} rollout status ${back} --timeout=300s`,
          `${at} patch service/NAME -p '{"spec":{"selector":{"version":"OLD"}}}'`,
          `${at} scale ${old} --replicas=0`,
        ].join('\n'),
      },
    ];
  });
};

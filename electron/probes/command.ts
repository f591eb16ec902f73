import { z } from 'zod';
import { matchWithin, regexpSchema } from './bounded-regexp.ts';
import { down } from './failure.ts';
import { asNumber, jsonPathSchema, parseJson, valueAt } from './json.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer } from './probe.ts';
import { argvSchema, runCommand } from './run-command.ts';
import type { Ran } from './run-command.ts';
import { seriesName } from './take.ts';

const sourceSchema = z.union([jsonPathSchema, z.strictObject({ matches: regexpSchema })]);

const params = z.strictObject({
  argv: argvSchema.describe('The program and its arguments, one by one; there is no shell'),
  cwd: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}).describe('Added to a small environment; values may be secret:NAME'),
  exit: z.array(z.number().int()).min(1).default([0]).describe('The exit codes that are right'),
  text: z.string().optional().describe('A text that the output must contain'),
  take: z
    .record(seriesName, sourceSchema)
    .default({})
    .describe('Series → JSON path into the output, or a pattern whose first group is the number'),
  repeat: z.literal('safe').optional().describe('Says that it is read-only and may be run again and again'),
});
type Params = z.output<typeof params>;
const mostLine = 4_000;
type Ended = Extract<Ran, { kind: 'ended' }>;

const taken = (take: Params['take'], output: string): Record<string, number> =>
  Object.fromEntries(
    Object.entries(take).flatMap(([name, source]) => {
      if (typeof source === 'string') {
        const document = parseJson(output);
        const number = document === undefined ? null : asNumber(valueAt(document, source));
        return number === null ? [] : [[name, number]];
      }
      const found = matchWithin(source.matches, output);
      const number = found === null || found === 'too-slow' ? null : asNumber(found[1] ?? found[0]);
      return number === null ? [] : [[name, number]];
    }),
  );

const lastLine = (text: string, secrets: readonly string[]): string =>
  masked(text.trim().split('\n').at(-1) ?? '', secrets, 200);

/** Hands over the newest whole line of what comes: half a line could hold half a secret, which no mask would know. */
const lineByLine = (say: (line: string) => void) => {
  let rest = '';
  let cut = false;
  return (text: string): void => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    const line = (cut ? lines.slice(1) : lines).findLast((whole) => whole.trim() !== '' && whole.length <= mostLine);
    if (lines.length > 0) cut = false;
    if (rest.length > mostLine) [rest, cut] = ['', true];
    if (line !== undefined) say(line.trim());
  };
};

const answerOf = (own: Params, ran: Ended, tookMs: number): Answer => {
  const secrets = Object.values(own.env);
  const { exit, signal, stdout, stderr, sha256, cut } = ran;
  const output = stdout + stderr;
  const values = { latencyMs: tookMs, ...(exit === null ? {} : { exitCode: exit }), ...taken(own.take, stdout) };
  const excerpt = masked(output.length > 4_000 ? output.slice(-4_000) : output, secrets, 4_000);
  const facts = {
    sha256,
    ...(excerpt === '' ? {} : { output: excerpt }),
    ...(cut ? { cut: 'only the first MiB of the output was kept' } : {}),
  };
  const seconds = `${(tookMs / 1_000).toFixed(1)} s`;
  const said = lastLine(stderr.trim() === '' ? stdout : stderr, secrets);
  const words = said === '' ? '' : ` It ended with: ${said}`;
  if (exit === null)
    return down(
      { reason: 'killed', sentence: `Was ended by ${signal ?? 'a signal'} after ${seconds}.${words}` },
      { values, facts },
    );
  if (!own.exit.includes(exit))
    return down(
      { reason: 'exit-code', sentence: `Ended with exit code ${exit} after ${seconds}.${words}` },
      { values, facts },
    );
  if (own.text !== undefined && !output.includes(own.text))
    return down(
      {
        reason: 'text-mismatch',
        sentence: `Ended with exit code ${exit}, but its output does not contain "${masked(own.text, secrets, 80)}".`,
      },
      { values, facts },
    );
  return { verdict: 'up', reason: 'ok', sentence: `Ended with exit code ${exit} after ${seconds}.`, values, facts };
};

export const commandProbe = defineProbe({
  kind: 'command',
  summary: 'A program by its exact arguments: exit code, output and numbers in it',
  params,
  series: ({ take }) => [
    { name: 'latencyMs', unit: 'ms', label: 'Time it took' },
    { name: 'exitCode', unit: '', label: 'Exit code' },
    ...Object.keys(take).map((name) => ({ name, unit: '', label: name })),
  ],
  changes: ({ repeat }) => repeat !== 'safe',
  open: (own) => ({
    run: async ({ signal, deadlineMs, progress }) => {
      const [program] = own.argv;
      if (process.platform === 'win32' && /\.(bat|cmd)$/i.test(program))
        throw new ProbeUnknown(
          'not-executable',
          'A .bat or .cmd file goes through a shell and is not run; name the program itself.',
        );
      const begun = performance.now();
      progress?.('');
      const say = (line: string): void => progress?.(masked(line, Object.values(own.env), 200));
      const hear = { stdout: lineByLine(say), stderr: lineByLine(say) };
      const ran = await runCommand(own, signal, (text, from) => hear[from](text));
      if (ran.kind === 'missing')
        throw new ProbeUnknown(
          'no-program',
          `There is no program "${masked(program, [], 100)}", or no such folder to run it in, on this machine; install it, or name its whole path.`,
        );
      if (ran.kind === 'not-executable')
        throw new ProbeUnknown(
          'not-executable',
          `The program "${masked(program, [], 100)}" cannot be run; give it the right to be executed.`,
        );
      if (ran.kind === 'late')
        return down({
          reason: 'command-timeout',
          sentence: `Was not done within ${deadlineMs / 1_000} s and was ended, with all it had started; give it longer, or see where it hangs.`,
        });
      return answerOf(own, ran, performance.now() - begun);
    },
    close: () => {},
  }),
});

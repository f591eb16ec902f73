import type { Problem } from '../model.ts';
import type { CommandLine, Rule } from './document.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/u));

type Tool = {
  readonly commands: ReadonlySet<string>;
  /** Flags before the subcommand that take a value of their own. */
  readonly valued: RegExp;
  /** A tool that runs any program called tool-name finds commands this table cannot know. */
  readonly extensible: boolean;
};

const kubectl =
  'annotate api-resources api-versions apply attach auth autoscale certificate cluster-info completion config cordon cp create debug delete describe diff drain edit events exec explain expose get help kuberc kustomize label logs options patch plugin port-forward proxy replace rollout run scale set taint top uncordon version wait';

/** Subcommands as the tools' own help lists them: kubectl 1.34, helm 3 and 4, docker 28, terraform 1.13, systemd 257. */
const tools: Readonly<Record<string, Tool>> = {
  kubectl: {
    commands: words(kubectl),
    valued: /^(?:-n|-s|-v|--(?:context|namespace|cluster|user|kubeconfig|server|token|as|request-timeout))$/u,
    extensible: true,
  },
  'kubectl set': {
    commands: words('env image resources selector serviceaccount sa subject'),
    valued: /^(?:-n|--namespace|--context)$/u,
    extensible: false,
  },
  'kubectl rollout': {
    commands: words('history pause restart resume status undo'),
    valued: /^(?:-n|--namespace|--context)$/u,
    extensible: false,
  },
  helm: {
    commands: words(
      'completion create dependency dep diff env get help history hist install lint list ls package plugin pull fetch push registry repo rollback search secrets show inspect status template test uninstall delete del un upgrade verify version',
    ),
    valued: /^(?:-n|--(?:namespace|kube-context|kubeconfig|registry-config))$/u,
    extensible: true,
  },
  docker: {
    commands: words(
      'attach build builder buildx checkpoint commit compose config container context cp create debug desktop diff events exec export extension help history image images import info init inspect kill load login logout logs manifest mcp model network node offload pause plugin port ps pull push rename restart rm rmi run save sbom scout search secret service stack start stats stop swarm system tag top trust unpause update version volume wait',
    ),
    valued: /^(?:-H|-c|-l|--(?:host|context|config|log-level))$/u,
    extensible: true,
  },
  terraform: {
    commands: words(
      'apply console destroy env fmt force-unlock get graph import init login logout metadata modules output plan providers query refresh show stacks state taint test untaint validate version workspace',
    ),
    valued: /^$/u,
    extensible: false,
  },
  systemctl: {
    commands: words(
      'add-requires add-wants bind cancel cat clean condreload condrestart condstop daemon-reexec daemon-reload default disable edit emergency enable exit force-reload freeze get-default halt help hibernate hybrid-sleep import-environment is-active is-enabled is-failed is-system-running isolate kexec kill link list-automounts list-dependencies list-jobs list-machines list-paths list-sockets list-timers list-unit-files list-units log-level log-target mask mount-image poweroff preset preset-all reboot reenable reload reload-or-restart rescue reset-failed restart revert service-log-level service-log-target service-watchdogs set-default set-environment set-property show show-environment sleep soft-reboot start status stop suspend suspend-then-hibernate switch-root thaw try-reload-or-restart try-restart unmask unset-environment whoami',
    ),
    valued: /^(?:-[tHMnop]|--(?:type|host|machine|lines|output|property|state))$/u,
    extensible: false,
  },
};

/** Shell words of the simple commands in a line; quotes keep words together, and nothing is expanded or run. */
export function simpleCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const [word] of text.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|\|\||&&|[|;&]|[^\s|;&"']+/gu)) {
    if (/^(?:\|\||&&|[|;&])$/u.test(word)) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  return commands.filter((command) => command.length > 0);
}

function subcommand(
  args: readonly string[],
  valued: RegExp,
): { readonly word: string; readonly rest: readonly string[] } | null {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) return { word: arg, rest: args.slice(at + 1) };
    if (valued.test(arg)) at++;
  }
  return null;
}

function fixFor(tool: string, word: string, rest: readonly string[]): string | null {
  if (tool !== 'kubectl set' || word !== 'replicas') return null;
  const what = rest.find((arg) => !arg.startsWith('-') && !/^\d+$/u.test(arg)) ?? 'deployment/NAME';
  const size = rest.find((arg) => /^\d+$/u.test(arg)) ?? 'N';
  return `kubectl --context CONTEXT -n NAMESPACE scale ${what} --replicas=${size} --current-replicas=M`;
}

function unknown(command: CommandLine, words_: readonly string[]): readonly Problem[] {
  const args = words_[0] === 'sudo' ? words_.slice(1) : words_;
  let name = args[0] ?? '';
  let found = tools[name];
  let rest: readonly string[] = args.slice(1);
  while (found !== undefined) {
    const sub = subcommand(rest, found.valued);
    // A placeholder or a variable may stand for any subcommand.
    if (sub === null || !/^[a-z][a-z-]*$/u.test(sub.word)) return [];
    if (!found.commands.has(sub.word)) {
      const fix = fixFor(name, sub.word, sub.rest);
      const severity = found.extensible ? 'warning' : 'error';
      const maybe = found.extensible
        ? '; unless a plugin brings it, this line fails'
        : '; this line fails as soon as it is run';
      return [
        {
          line: command.line,
          column: command.column,
          severity,
          code: 'unknown-subcommand',
          message: `"${name}" has no command "${sub.word}"${maybe}.`,
          fix,
        },
      ];
    }
    name = `${name} ${sub.word}`;
    found = tools[name];
    rest = sub.rest;
  }
  return [];
}

export const unknownSubcommands: Rule = ({ commands }) =>
  commands.flatMap((command) => simpleCommands(command.text).flatMap((args) => unknown(command, args)));

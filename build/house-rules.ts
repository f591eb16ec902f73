import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The little that these rules ask of oxlint's tree and of the call for one file; oxlint itself ships no types for it. */
type Node = {
  readonly source?: { readonly value?: unknown } | null;
  readonly loc?: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly superClass?: { readonly name?: string; readonly property?: { readonly name?: string } } | null;
};
type Context = {
  readonly physicalFilename: string;
  readonly report: (found: { readonly node: Node; readonly message: string }) => void;
};
type Visitor = Readonly<Record<string, (node: Node) => void>>;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Every specifier a room's files may import: files as paths from the root, packages by name. */
type Room = { readonly of: RegExp; readonly files: RegExp; readonly packages: RegExp };

const everyPackageBut = (pattern: string): RegExp => new RegExp(`^(?!(?:${pattern})(?:/|$))`, 'v');
const nodePackages = everyPackageBut('electron|react|react-dom|radix-ui|cmdk|recharts');
const electronFiles = (folders: string): RegExp =>
  // Files right under electron/ are small shared terms (clock, log, caller, body, server end) or entries; the latter are refused to all below.
  new RegExp(`^(?:shared/|electron/[^\\/]+\\.ts$|electron/(?:${folders})/)`, 'v');
const leaves = 'store|probes|rollback|notify|practice|runbook';

/** Who may import whom. The first room that a file is in counts. Tests are bound by `entries` alone. */
const rooms: readonly Room[] = [
  {
    of: /^shared\//v,
    files: /^shared\//v,
    packages: /^(?:zod|yaml|mdast|mdast-util-.*|micromark.*|@orpc\/contract|@stdlib\/.*)$/v,
  },
  {
    of: /^renderer\//v,
    files: /^(?:renderer|shared)\//v,
    packages: everyPackageBut('node:.*|electron.*|@orpc/server|vite'),
  },
  {
    of: /^electron\/(?:main|preload)\.ts$/v,
    files: /^(?:shared|electron)\//v,
    packages: everyPackageBut('react|react-dom'),
  },
  {
    of: /^electron\/shell\//v,
    files: electronFiles('shell|host|store|print'),
    packages: everyPackageBut('react|react-dom'),
  },
  { of: /^electron\/host\/port\.ts$/v, files: electronFiles('host'), packages: everyPackageBut('react|react-dom') },
  { of: /^electron\/host\//v, files: electronFiles('host|store'), packages: nodePackages },
  { of: /^electron\/(?:serve|cli)\.ts$/v, files: /^(?:shared|electron)\/(?!shell\/)/v, packages: nodePackages },
  ...leaves.split('|').map((leaf) => ({
    of: new RegExp(`^electron/${leaf}/`, 'v'),
    files: new RegExp(`^(?:shared/|electron/(?:body|clock|log|server-end)\\.ts$|electron/${leaf}/)`, 'v'),
    packages: nodePackages,
  })),
  { of: /^electron\/scheduler\//v, files: electronFiles(`${leaves}|target|scheduler`), packages: nodePackages },
  { of: /^electron\/target\//v, files: electronFiles('probes|target'), packages: nodePackages },
  { of: /^electron\//v, files: /^(?:shared\/|electron\/(?!host\/|shell\/))/v, packages: nodePackages },
  { of: /^e2e\/bench\//v, files: /^(?:e2e|shared|electron)\//v, packages: everyPackageBut('electron') },
  { of: /^e2e\//v, files: /^(?:e2e|shared)\//v, packages: everyPackageBut('electron') },
  { of: /^build\//v, files: /^build\//v, packages: /(?:)/v },
];

/** Composition roots: they import, and nothing imports them. The command line starts the served app, a bench may too. */
const entries = /^(?:electron\/(?:main|preload|serve|cli)\.ts|renderer\/(?:main|wall)\.tsx|build\/.*)$/v;
const mayImportEntry = (file: string, target: string): boolean =>
  file.startsWith('build/') || (file === 'electron/cli.ts' && target === 'electron/serve.ts');

/** Tests and what only they use. */
const isTest = (file: string): boolean => /\.test\.tsx?$|\/fixtures\//v.test(file);

/** Why `file` may not import `specifier`, or null. */
export const refusal = (file: string, specifier: string): string | null => {
  const room = rooms.find(({ of }) => of.test(file));
  if (room === undefined) return null;
  const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier.replace(/\?.*$/v, '')) : null;
  if (target === null)
    return isTest(file) || room.packages.test(specifier) ? null : `${file} may not import ${specifier}.`;
  if (entries.test(target) && !mayImportEntry(file, target) && !isTest(file)) return `Nobody imports ${target}.`;
  return isTest(file) || room.files.test(target) ? null : `${file} may not import ${target}.`;
};

const imports = (context: Context): Visitor => {
  const file = relative(root, context.physicalFilename).replaceAll('\\', '/');
  const check = (node: Node): void => {
    const specifier = node.source?.value;
    const message = typeof specifier === 'string' ? refusal(file, specifier) : null;
    if (message !== null) context.report({ node, message: `${message} CONTRIBUTING.md says who may import whom.` });
  };
  return {
    ImportDeclaration: check,
    ExportNamedDeclaration: check,
    ExportAllDeclaration: check,
    ImportExpression: check,
    TSImportType: check,
  };
};

const noClasses = (context: Context): Visitor => {
  const check = (node: Node): void => {
    const parent = node.superClass?.name ?? node.superClass?.property?.name ?? '';
    // React has no other way than a class to catch what a render threw.
    if (!/(?:Error|Component)$/v.test(parent))
      context.report({ node, message: 'No classes but errors: functions and plain data do.' });
  };
  return { ClassDeclaration: check, ClassExpression: check };
};

const mostLines = 60;

/**
 * A function keeps within 60 lines. Functions inside it count for themselves: a factory that returns closures is as
 * long as a class would be, and the file's own budget bounds it.
 */
const functionLines = (context: Context): Visitor => {
  const inner: number[] = [];
  const enter = (): void => void inner.push(0);
  const leave = (node: Node): void => {
    const nested = inner.pop() ?? 0;
    if (node.loc === undefined) return;
    const lines = node.loc.end.line - node.loc.start.line + 1;
    if (lines - nested > mostLines)
      context.report({
        node,
        message: `This function has ${lines - nested} lines of its own, ${mostLines} are the most.`,
      });
    // A function on one line leaves nothing out of the one around it.
    if (inner.length > 0) inner[inner.length - 1]! += lines - 1;
  };
  const kinds = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];
  return Object.fromEntries(kinds.flatMap((kind) => [[kind, enter] as const, [`${kind}:exit`, leave] as const]));
};

const plugin = {
  meta: { name: 'house' },
  rules: {
    imports: { create: imports },
    'no-classes': { create: noClasses },
    'function-lines': { create: functionLines },
  },
};

export default plugin;

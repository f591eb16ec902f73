import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Entry = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};
export type Lock = { readonly packages: Readonly<Record<string, Entry>> };

/** Whether a package that lies at `from` finds `name` in its own node_modules or in one further up. */
const isFound = ({ packages }: Lock, from: string, name: string): boolean => {
  if (`${from === '' ? '' : `${from}/`}node_modules/${name}` in packages) return true;
  return from !== '' && isFound({ packages }, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
};

/**
 * The optional packages that the lock file leaves out. npm writes down only those that the registry could show it at
 * that moment, and `npm ci` then refuses the lock file wherever it can't see them either.
 */
export const missingFrom = (lock: Lock): readonly { readonly name: string; readonly entry: Entry }[] =>
  Object.entries(lock.packages).flatMap(([at, { dev = false, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isFound(lock, at, name))
      .map(([name, version]) => {
        // "@oxlint/binding-linux-arm64-musl" says for which system it is.
        const [os = '', cpu = '', abi = ''] = name.replace(/^.*\/(?:binding-)?/v, '').split('-');
        const libc = os === 'linux' && abi !== '' ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {};
        return { name, entry: { version, cpu: [cpu], ...(dev ? { dev } : {}), ...libc, optional: true, os: [os] } };
      }),
  );

/** `node build/lock.ts` writes them in; run it after adding a package. */
if (import.meta.main) {
  const file = join(import.meta.dirname, '../package-lock.json');
  const lock: Lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingFrom(lock);
  const packages = {
    ...lock.packages,
    ...Object.fromEntries(missing.map(({ name, entry }) => [`node_modules/${name}`, entry])),
  };
  const sorted = Object.entries(packages).toSorted(([a], [b]) =>
    a === '' ? -1 : b === '' ? 1 : a.localeCompare(b, 'en'),
  );
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  process.stdout.write(`${missing.length} packages for other systems added to the lock file.\n`);
}

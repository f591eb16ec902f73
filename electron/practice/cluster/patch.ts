/** The three ways kubectl changes an object in part. Each returns a new value and leaves the old one alone. */

type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386. */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
};

/** The key by which Kubernetes joins the entries of a list; lists without one are replaced. */
const mergeKeyOf = (list: readonly unknown[]): string | undefined =>
  ['name', 'containerPort', 'port', 'uid', 'type'].find(
    (key) => list.length > 0 && list.every((entry) => isObject(entry) && key in entry),
  );

const mergeLists = (target: readonly unknown[], patch: readonly unknown[]): unknown[] => {
  const key = mergeKeyOf(patch);
  if (key === undefined) return [...patch];
  const result = [...target];
  for (const entry of patch as readonly Json[]) {
    const at = result.findIndex((one) => isObject(one) && one[key] === entry[key]);
    if (entry['$patch'] === 'delete') result.splice(at, at < 0 ? 0 : 1);
    else if (at < 0) result.push(strategicPatch({}, entry));
    else result[at] = strategicPatch(result[at], entry);
  }
  return result;
};

/** Strategic merge, as far as deployments and services need it. */
export const strategicPatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) && patch['$patch'] !== 'replace' ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    const old = result[key];
    if (value === null) delete result[key];
    else if (Array.isArray(value)) result[key] = mergeLists(Array.isArray(old) ? old : [], value);
    else result[key] = strategicPatch(old, value);
  }
  return result;
};

const pointer = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const valueAt = (root: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (isObject(value) ? value[key] : Array.isArray(value) ? value[Number(key)] : undefined),
    root,
  );

const changeAt = (
  root: unknown,
  path: readonly string[],
  change: (holder: Json | unknown[], key: string) => void,
): unknown => {
  const copy = structuredClone(root);
  const holder = valueAt(copy, path.slice(0, -1));
  const key = path.at(-1);
  if (key === undefined || (!isObject(holder) && !Array.isArray(holder)))
    throw new RangeError(`nothing is at /${path.join('/')}`);
  change(holder, key);
  return copy;
};

const setAt = (holder: Json | unknown[], key: string, value: unknown, insert: boolean): void => {
  if (!Array.isArray(holder)) holder[key] = value;
  else if (key === '-') holder.push(value);
  else holder.splice(Number(key), insert ? 0 : 1, value);
};

const removeAt = (holder: Json | unknown[], key: string): void => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
};

/** RFC 6902 without move and copy, which kubectl never sends. Throws RangeError where an operation does not fit. */
export const jsonPatch = (target: unknown, operations: readonly unknown[]): unknown =>
  operations.reduce<unknown>((root, operation) => {
    if (!isObject(operation) || typeof operation['path'] !== 'string')
      throw new RangeError('an operation has "op" and "path"');
    const path = pointer(operation['path']);
    const value = operation['value'];
    if (operation['op'] === 'add') return changeAt(root, path, (holder, key) => setAt(holder, key, value, true));
    if (operation['op'] === 'replace') return changeAt(root, path, (holder, key) => setAt(holder, key, value, false));
    if (operation['op'] === 'remove') return changeAt(root, path, removeAt);
    if (operation['op'] === 'test' && JSON.stringify(valueAt(root, path)) === JSON.stringify(value)) return root;
    throw new RangeError(`the operation ${String(operation['op'])} at ${operation['path']} does not hold`);
  }, target);

import { isObject } from './patch.ts';
import type { KubeObject } from './objects.ts';

type Test = (object: KubeObject) => boolean;

const valueAt = (object: unknown, path: string): string | undefined => {
  const value = path.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), object);
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
};

const oneOf = (list: string): string[] => list.split(',').map((one) => one.trim());

/** One requirement of a label selector: a=b, a==b, a!=b, a in (b,c), a notin (b,c), a, !a. */
const requirement = (text: string): Test => {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
  const pair = /^([^!=\s]+)\s*(!=|==?)\s*(\S*)$/.exec(text);
  const value = (object: KubeObject, key: string): string | undefined => object.metadata.labels?.[key];
  if (set !== null) {
    const [, key = '', op, list = ''] = set;
    return (object) => oneOf(list).includes(value(object, key) ?? '\0') === (op === 'in');
  }
  if (pair !== null) {
    const [, key = '', op, wanted] = pair;
    return (object) => (value(object, key) === wanted) === (op !== '!=');
  }
  const absent = text.startsWith('!');
  return (object) => (value(object, absent ? text.slice(1) : text) === undefined) === absent;
};

/** Whether an object fits the labelSelector and fieldSelector of a request. */
export const selectorOf = (query: URLSearchParams): Test => {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const tests: Test[] = labels === '' ? [] : labels.split(/,(?![^(]*\))/).map((one) => requirement(one.trim()));
  for (const one of fields === '' ? [] : fields.split(',')) {
    const [, path = '', op, wanted] = /^([^!=]+)(!=|==?)(.*)$/.exec(one) ?? [];
    tests.push((object) => ((valueAt(object, path) ?? '') === wanted) === (op !== '!='));
  }
  return (object) => tests.every((test) => test(object));
};

import { askJson } from './api.ts';
import { authHeaders } from './auth.ts';
import type { Auth } from './auth.ts';
import { asNumber, valueAt } from './json.ts';
import { ProbeUnknown } from './probe.ts';
import type { Past, ProbeContext, Remembered } from './probe.ts';

type Own = {
  readonly past: { readonly url: string; readonly rows: string; readonly at: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: Auth | undefined;
  readonly ca?: string | undefined;
  readonly take: Readonly<Record<string, string>>;
};

/** What an address answered before, from one that keeps it. Only what stands at a JSON path can be taken from there. */
export const lookBack = async (own: Own, { from, to, stepMs }: Past, context: ProbeContext): Promise<Remembered> => {
  const moments: Readonly<Record<string, number>> = { from, to, step: stepMs };
  const url = own.past.url.replaceAll(/\{(from|to|step)\}/g, (_, name: string) =>
    String(Math.round(moments[name] ?? 0)),
  );
  const headers = { ...own.headers, ...authHeaders(own.auth) };
  const rows = valueAt(
    await askJson({ tool: 'The past of this probe', url, headers, ca: own.ca }, context),
    own.past.rows,
  );
  if (!Array.isArray(rows))
    throw new ProbeUnknown('not-understood', 'The past of this probe is not a list where its rows should be.');
  const taken = Object.entries(own.take).filter(([, path]) => path.startsWith('$'));
  const points = new Map<string, (readonly [number, number])[]>(taken.map(([name]) => [name, []]));
  for (const row of rows) {
    const at = asNumber(valueAt(row, own.past.at));
    if (at === null || at < from || at > to) continue;
    for (const [name, path] of taken) {
      const value = asNumber(valueAt(row, path));
      if (value !== null) points.get(name)?.push([at, value]);
    }
  }
  return Object.fromEntries([...points].map(([name, found]) => [name, found.toSorted(([a], [b]) => a - b)]));
};

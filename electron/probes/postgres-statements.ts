import { asNumber } from './json.ts';
import { masked } from './mask.ts';
import type { Session } from './postgres-session.ts';
import type { SeriesSpec } from './probe.ts';

export const statementSeries: readonly SeriesSpec[] = [
  { name: 'slowQueries', unit: '', label: 'Slow statements: running now, or slow on average since the last attempt' },
  { name: 'longestQueryMs', unit: 'ms', label: 'The longest statement running now' },
  { name: 'meanQueryMs', unit: 'ms', label: 'Mean time of a statement since the last attempt' },
];

type Server = { readonly slowMs: number; readonly version: number; readonly seesAll: boolean };
type Total = { readonly calls: number; readonly ms: number };
type Seen = { readonly values: Record<string, number>; readonly facts: Record<string, string> };

const mostStatements = 1_000;

const runningSql = `select count(*) filter (where clock_timestamp() - query_start > make_interval(secs => $slow$))::int as slow,
  max(extract(epoch from clock_timestamp() - query_start))::float8 * 1000 as longest
from pg_stat_activity where state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid()`;

/** Before version 13 the column had another name. */
const totalsSql = (version: number): string => {
  const time = version >= 130_000 ? 'total_exec_time' : 'total_time';
  return `select queryid::text as id, sum(calls)::float8 as calls, sum(${time})::float8 as ms, left(min(query), 200) as words
from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database()) and queryid is not null
group by queryid order by sum(${time}) desc limit ${mostStatements}`;
};

/** What ran since the last look, by statement: counters only say something as a difference. */
const sinceLast = async (
  session: Session,
  { slowMs, version }: Server,
  memory: Map<string, unknown>,
): Promise<Seen & { readonly slow: number }> => {
  const rows = await session.rows(totalsSql(version));
  const before = memory.get('statements') as ReadonlyMap<string, Total> | undefined;
  const now = new Map<string, Total>(
    rows.map((row) => [String(row['id']), { calls: asNumber(row['calls']) ?? 0, ms: asNumber(row['ms']) ?? 0 }]),
  );
  memory.set('statements', now);
  if (before === undefined) return { values: {}, facts: {}, slow: 0 };
  let [calls, ms, slow, worst] = [0, 0, 0, 0];
  let words = '';
  for (const row of rows) {
    const id = String(row['id']);
    const total = now.get(id) ?? { calls: 0, ms: 0 };
    const was = before.get(id) ?? { calls: 0, ms: 0 };
    // Fewer calls than before: the statistics were reset, and all there is came since then.
    const more = total.calls < was.calls ? total : { calls: total.calls - was.calls, ms: total.ms - was.ms };
    if (more.calls <= 0) continue;
    calls += more.calls;
    ms += more.ms;
    const mean = more.ms / more.calls;
    if (mean > slowMs) slow += 1;
    if (mean > worst) {
      worst = mean;
      words = masked(String(row['words'] ?? ''), [], 200);
    }
  }
  const facts = words === '' ? {} : { slowestStatement: `${worst.toFixed(1)} ms on average: ${words}` };
  return { values: calls > 0 ? { meanQueryMs: ms / calls } : {}, facts: facts, slow };
};

/** Slow statements as far as this server can tell. What it cannot is added to `cannotTell`, in words. */
export const lookAtStatements = async (
  session: Session,
  server: Server,
  memory: Map<string, unknown>,
  cannotTell: string[],
): Promise<Seen> => {
  if (!server.seesAll) {
    cannotTell.push('slow statements (the role has no pg_monitor)');
    return { values: {}, facts: {} };
  }
  const [running = {}] = await session.rows(runningSql.replace('$slow$', String(server.slowMs / 1_000)));
  const values: Record<string, number> = {
    longestQueryMs: asNumber(running['longest']) ?? 0,
    slowQueries: asNumber(running['slow']) ?? 0,
  };
  const [extension] = await session.rows("select extversion from pg_extension where extname = 'pg_stat_statements'");
  if (extension === undefined) {
    cannotTell.push('slow statements of the past (the extension pg_stat_statements is not installed)');
    return { values, facts: {} };
  }
  try {
    const past = await sinceLast(session, server, memory);
    // It keeps sums only; no percentile can be had from those.
    cannotTell.push('p95 of statements (pg_stat_statements keeps means only)');
    return {
      values: { ...values, ...past.values, slowQueries: (values['slowQueries'] ?? 0) + past.slow },
      facts: past.facts,
    };
  } catch (error) {
    // 55000: the library is not loaded at the server's start; 42P01: it lives in a schema that is not searched.
    if (!(error instanceof Error && 'code' in error && ['55000', '42P01', '42703'].includes(String(error.code))))
      throw error;
    cannotTell.push('slow statements of the past (pg_stat_statements is installed but cannot be read here)');
    return { values, facts: {} };
  }
};

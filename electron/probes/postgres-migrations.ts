import type { Row } from './postgres-session.ts';

/** Where well-known migration tools write down what they did, and what asks each for its newest step. */
const tools: Readonly<Record<string, string>> = {
  _prisma_migrations:
    'SELECT migration_name AS head FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY finished_at DESC LIMIT 1',
  flyway_schema_history:
    'SELECT version AS head FROM flyway_schema_history WHERE success AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1',
  databasechangelog: 'SELECT id AS head FROM databasechangelog ORDER BY orderexecuted DESC LIMIT 1',
  alembic_version: "SELECT string_agg(version_num, ', ' ORDER BY version_num) AS head FROM alembic_version",
  knex_migrations: 'SELECT name AS head FROM knex_migrations ORDER BY id DESC LIMIT 1',
  django_migrations: "SELECT app || '.' || name AS head FROM django_migrations ORDER BY id DESC LIMIT 1",
  SequelizeMeta: 'SELECT name AS head FROM "SequelizeMeta" ORDER BY name DESC LIMIT 1',
  // Rails, Ecto, golang-migrate and dbmate: all of them name a step by a version.
  schema_migrations: 'SELECT max(version)::text AS head FROM schema_migrations',
};

const present = `SELECT name FROM (VALUES ${Object.keys(tools)
  .map((name) => `('${name}')`)
  .join(', ')}) AS known (name) WHERE to_regclass(quote_ident(name)) IS NOT NULL`;

const everyMs = 60_000;

/**
 * The newest migration of this database, as its own tool wrote it down; nothing where no known tool did. Asked once a
 * minute. What the role may not read is said in `cannotTell`.
 */
export const migrationHead = async (
  rows: (sql: string) => Promise<readonly Row[]>,
  memory: Map<string, unknown>,
  cannotTell: string[],
): Promise<{ readonly migrationHead?: string }> => {
  const known = memory.get('migrations') as { at: number; head: string | null; trouble: string | null } | undefined;
  const fresh = known !== undefined && performance.now() - known.at < everyMs ? known : await ask(rows);
  memory.set('migrations', fresh);
  if (fresh.trouble !== null) cannotTell.push(fresh.trouble);
  return fresh.head === null ? {} : { migrationHead: fresh.head };
};

const ask = async (rows: (sql: string) => Promise<readonly Row[]>) => {
  const at = performance.now();
  const [tool] = await rows(present);
  const name = String(tool?.['name'] ?? '');
  const statement = tools[name];
  if (statement === undefined) return { at, head: null, trouble: null };
  try {
    const [row] = await rows(statement);
    const head = row?.['head'];
    return { at, head: head === null || head === undefined ? null : `${String(head)} (${name})`, trouble: null };
  } catch (error) {
    // 42501 is a right that the role lacks, 42703 a table of another tool by the same name.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code !== '42501' && code !== '42703') throw error;
    return {
      at,
      head: null,
      trouble: `the migration head (${code === '42501' ? 'no right to read' : 'unknown form of'} ${name})`,
    };
  }
};

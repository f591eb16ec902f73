import type { Problem } from '../model.ts';
import type { Rule } from './document.ts';

type Severity = Problem['severity'];
type CommandRule = {
  readonly code: string;
  readonly severity: Severity;
  /** What to look for; `unless` excuses a line that already does it right. */
  readonly when: RegExp;
  readonly unless?: RegExp;
  readonly message: string;
  readonly fix: string | ((match: RegExpExecArray) => string | null) | null;
};

const noCluster = /(?=.*(?:--context|--kube-context))(?=.*(?:\s-n[\s=]|--namespace))/u;

const kubernetes: readonly CommandRule[] = [
  {
    code: 'no-explicit-cluster',
    severity: 'warning',
    when: /(?<!["'\w./-])kubectl\s+(?:\S+\s+)*?(?:apply|annotate|cordon|create|delete|drain|edit|label|patch|replace|rollout\s+(?:undo|restart|pause|resume)|scale|set|taint)\b.*/u,
    unless: noCluster,
    message: 'Without a context and a namespace this acts on whatever the laptop points at.',
    // Where the command itself is wrong, its own rule has the right form.
    fix: (match) =>
      /\bset\s+replicas\b|\bdelete\b/u.test(match[0])
        ? null
        : match[0].replace(/^kubectl\s+/u, 'kubectl --context CONTEXT -n NAMESPACE '),
  },
  {
    code: 'no-explicit-cluster',
    severity: 'warning',
    when: /(?<!["'\w./-])helm\s+(?:install|upgrade|rollback|uninstall|delete)\b.*/u,
    unless: noCluster,
    message: 'Without a context and a namespace this acts on whatever the laptop points at.',
    fix: (match) => match[0].replace(/^helm\s+/u, 'helm --kube-context CONTEXT -n NAMESPACE '),
  },
  {
    code: 'undo-without-revision',
    severity: 'warning',
    when: /(?<!["'\w./-])kubectl\b.*\brollout\s+undo\s+(\S+)/u,
    unless: /--to-revision/u,
    message:
      'A second undo goes back to the bad version, and "skipped" ends with success. Name the revision that was seen working.',
    fix: (match) =>
      `kubectl --context CONTEXT -n NAMESPACE rollout undo ${match[1] ?? 'deployment/NAME'} --to-revision=N && kubectl --context CONTEXT -n NAMESPACE rollout status ${match[1] ?? 'deployment/NAME'} --timeout=300s`,
  },
  {
    code: 'assumed-previous-deployment',
    severity: 'warning',
    when: /(?<!["'\w./-])kubectl\b.*\b(?:deployment|deploy)[/ ](\S*-(?:previous|old|prev|stable|blue|backup))\b/u,
    message:
      'This Deployment may not exist, may not be served, and its size is fixed here. Check its image, selector and endpoints first, and take as many replicas as are ready now.',
    fix: (match) =>
      `kubectl --context CONTEXT -n NAMESPACE get deployment/${match[1] ?? 'NAME'} -o wide && kubectl --context CONTEXT -n NAMESPACE get endpointslices`,
  },
];

const probing: readonly CommandRule[] = [
  {
    code: 'curl-hides-failure',
    severity: 'warning',
    when: /\bcurl\b[^|]*\|\s*jq\b/u,
    unless: /\s(?:-[A-Za-z]*f[A-Za-z]*|--fail(?:-with-body)?)\b/u,
    message:
      'Ends with success on a refused connection, on a 503 that carries JSON and on an empty 502. Check the status, the content type and the value, with a total deadline.',
    fix: (match) =>
      `curl -sS --fail-with-body --max-time 5 ${/https?:\/\/[^\s|"']+/u.exec(match[0])?.[0] ?? 'URL'} | jq -e '.status == "ok"'`,
  },
  {
    code: 'log-window-too-small',
    severity: 'warning',
    when: /\btail\s+(?:-n\s*)?-?\d+\s+(\S+)\s*\|\s*grep\b/u,
    message:
      'Looks only at the last lines of the file: 60 errors followed by 120 other lines give nothing. Count errors per minute since T-0 and compare with before.',
    fix: (match) => `awk -v since="$T0" '$1 >= since && /ERROR/' ${match[1] ?? 'LOG'} | wc -l`,
  },
  {
    code: 'clock-hour-not-last-hour',
    severity: 'warning',
    when: /\bdate\b.*(?:--date|-d)[= ]?['"]?[^'"]*ago/u,
    message:
      'Gives the previous hour of the clock, not the last 60 minutes, and works with GNU date only. Compare timestamps instead.',
    fix: 'journalctl -u UNIT --since "1 hour ago" --priority err',
  },
  {
    code: 'ping-without-reply',
    severity: 'warning',
    when: /\bredis-cli\b(.*?)\bPING\b/iu,
    unless: /PONG/u,
    message: 'Ends with success when Redis answers NOAUTH. The reply itself must be PONG.',
    fix: (match) => `[ "$(redis-cli${match[1] ?? ' '}PING)" = "PONG" ]`,
  },
  {
    code: 'one-database-only',
    severity: 'warning',
    when: /\bredis-cli\b(.*?)\bDBSIZE\b/iu,
    message: 'Counts the keys of the selected database only.',
    fix: (match) => `redis-cli${match[1] ?? ' '}INFO keyspace`,
  },
  {
    code: 'nobody-is-told',
    severity: 'warning',
    when: /^\s*echo\b.*(?:\|\s*tee\b|>>?)\s*(?:-a\s+)?\/(?:tmp|var)\/\S+/u,
    message: 'Writes a line into a file on this machine: nobody is told. Send a notice that is acknowledged.',
    fix: null,
  },
];

const queries: readonly CommandRule[] = [
  {
    code: 'counts-background-workers',
    severity: 'warning',
    when: /count\(\*\)\s+from\s+pg_stat_activity/iu,
    unless: /backend_type/iu,
    message:
      'Counts background workers too: 5 with no client connected. Count client backends of this database, over the connections clients may have.',
    fix: "SELECT count(*) * 100.0 / (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database();",
  },
  {
    code: 'ratio-without-guard',
    severity: 'warning',
    when: /sum\(heap_blks_hit\)\s*\/\s*\(/iu,
    unless: /nullif/iu,
    message:
      'Divides by zero before the first read, is NULL without tables, and counts since the last reset. Take the difference of two samples; no reads means no data.',
    fix: 'SELECT sum(heap_blks_hit)::float / nullif(sum(heap_blks_hit) + sum(heap_blks_read), 0) AS ratio FROM pg_statio_user_tables;',
  },
  {
    code: 'statements-may-be-missing',
    severity: 'warning',
    when: /\bpg_stat_statements\b/iu,
    unless: /pg_extension|pg_available_extensions/iu,
    message:
      'The extension is often not installed, the column was mean_time before version 13, it counts since the last reset, and a mean is no p95. Compare two samples by queryid since T-0.',
    fix: "SELECT extversion FROM pg_extension WHERE extname = 'pg_stat_statements'; SELECT queryid, calls, total_exec_time FROM pg_stat_statements;",
  },
  {
    code: 'lag-on-the-wrong-side',
    severity: 'warning',
    when: /pg_last_xact_replay_timestamp/iu,
    message: 'Is NULL on a primary and grows when nothing is written. Ask the primary.',
    fix: 'SELECT application_name, replay_lag FROM pg_stat_replication;',
  },
];

const destructive: readonly CommandRule[] = [
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /(?<!["'\w./-])kubectl\b.*\bdelete\s+(?:deployments?|deploy)(?:\.apps)?[/ ](\S+)/u,
    message:
      'Destroys the history, the logs and the evidence of what went wrong. Keep it at 0 replicas until the post-mortem.',
    fix: (match) => `kubectl --context CONTEXT -n NAMESPACE scale deployment/${match[1] ?? 'NAME'} --replicas=0`,
  },
  {
    code: 'destructive-command',
    severity: 'error',
    when: /\bFLUSH(?:DB|ALL)\b/iu,
    message:
      'Deletes sessions and queues with the cache, and stands beside read-only commands. It is never run from here.',
    fix: 'redis-cli --scan --pattern "cache:*" | xargs -r redis-cli UNLINK',
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\b(?:drop\s+(?:table|database|schema|index|column)|truncate\s+(?:table\s+)?\w|dropdb\s)/iu,
    message: 'Deletes data for good. Make sure a restore has been tried, and that two people look at it.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\bdelete\s+from\s+[\w."]+\s*(?:;|"|'|$)/iu,
    message: 'Deletes every row: there is no WHERE.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\brm\s+(?:-\w*\s+)*-\w*(?:r\w*f|f\w*r|R\w*f)|\brm\s+-r\s+-f|\brm\s+--recursive/u,
    message: 'Deletes without asking and without a way back.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /(?<!["'\w./-])kubectl\b(?!.*\bdelete\s+(?:deployments?|deploy)\b).*\bdelete\b/u,
    message: 'Deletes from the cluster. What is deleted cannot be looked at afterwards.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\bscale\b.*--replicas[= ]0\b|\bset\s+replicas\b.*\s0\s*$/u,
    message: 'Takes every pod away. Make sure something else serves before.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /(?<!["'\w./-])helm\s+(?:\S+\s+)*?(?:uninstall|delete|del|un)\b/u,
    message: 'Removes the release with its history, so that there is nothing left to roll back to.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\bterraform\s+(?:\S+\s+)*?destroy\b/u,
    message: 'Takes the infrastructure down.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\bgit\s+push\b.*(?:--force\b(?!-with-lease)|\s-f\b)/u,
    message: "Overwrites others' commits.",
    fix: 'git push --force-with-lease',
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\bgit\s+reset\s+--hard\b|\bgit\s+clean\s+-\w*f/u,
    message: 'Throws local changes away.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\bdocker(?:\s+|-)compose\s+.*\bdown\b.*(?:-v\b|--volumes)|\bdocker\s+(?:system|volume)\s+prune\b|\bdocker\s+volume\s+rm\b/u,
    message: 'Deletes volumes and what is in them.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\bmkfs\b|\bdd\s+.*\bof=\/dev\//u,
    message: 'Overwrites a disk.',
    fix: null,
  },
  {
    code: 'destructive-command',
    severity: 'warning',
    when: /\baws\s+s3\s+(?:rm|rb)\b.*(?:--recursive|--force)|\bgcloud\b.*\bdelete\b|\baz\b.*\bdelete\b/u,
    message: 'Deletes from the cloud account.',
    fix: null,
  },
];

const all = [...kubernetes, ...probing, ...queries, ...destructive];

/** Every command against every pattern; the patterns are short and the lines few. */
export const commandPatterns: Rule = ({ commands }) =>
  commands.flatMap((command) =>
    all.flatMap(({ code, severity, when, unless, message, fix }): readonly Problem[] => {
      const match = when.exec(command.text);
      if (match === null || unless?.test(command.text) === true) return [];
      return [
        {
          line: command.line,
          column: command.column,
          severity,
          code,
          message,
          fix: typeof fix === 'function' ? fix(match) : fix,
        },
      ];
    }),
  );

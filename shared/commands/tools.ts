/** Programs that only look, whatever their arguments. */
const lookers = new Set(
  `basename cat column cut df diff dig dirname du echo egrep fgrep file free getent grep head host hostname id iostat
  jq ls lsof md5sum netstat nslookup pg_isready ping printenv printf ps pwd readlink realpath rg seq sha256sum sleep ss
  stat tac tail test tr traceroute tree true uname uniq uptime vmstat wc which whoami zcat zgrep [`
    .split(/\s+/u)
    .filter((word) => word !== ''),
);

/** Programs that only look with these words first; a flag and its value before them are skipped where the tool has such. */
const looking: Readonly<Record<string, RegExp>> = {
  kubectl:
    /^(?:get|describe|logs|top|version|cluster-info|explain|api-resources|api-versions|diff|events|rollout (?:status|history)|auth can-i|config (?:view|current-context|get-contexts))\b/u,
  helm: /^(?:list|ls|status|history|get|version|show|search|template|lint|env)\b/u,
  docker:
    /^(?:ps|logs|inspect|images|stats|version|info|top|port|diff|history|compose (?:ps|logs|config|images|top|version))\b/u,
  git: /^(?:status|log|diff|show|rev-parse|describe|ls-remote|ls-files|blame|shortlog|remote -v|branch$)/u,
  gh: /^(?:pr|run|release|issue|repo|workflow) (?:view|list|status|checks|diff)\b/u,
  aws: /^\S+ (?:(?:describe|list|get|head|lookup)-\S+|ls|tail|filter-log-events)\b/u,
  gcloud: /(?:^|\s)(?:list|describe|read|get-value)(?:\s|$)/u,
  az: /(?:^|\s)(?:list|show)(?:\s|$)/u,
  terraform: /^(?:plan|show|validate|version|output|state list|state show)\b/u,
  systemctl: /^(?:status|is-active|is-enabled|is-failed|show|cat|list-\S+)\b/u,
  npm: /^(?:ls|list|view|outdated|audit(?! fix)|ping|whoami|explain|why)\b/u,
  openssl: /^(?:s_client|x509|verify|version|crl|ocsp|ciphers)\b/u,
  argocd: /^app (?:get|list|history|diff)\b/u,
  pm2: /^(?:list|ls|status|show|logs|info)\b/u,
  mysqladmin: /(?:^|\s)(?:status|ping|version|processlist|extended-status)\b/u,
  fly: /^(?:status|logs|releases|checks|info)\b/u,
  flyctl: /^(?:status|logs|releases|checks|info)\b/u,
  heroku: /^(?:ps$|logs|releases$|status|info)\b/u,
};

const flagsWithValue =
  /^(?:-n|-s|-v|-H|-C|-R|--(?:context|namespace|cluster|user|kubeconfig|server|token|as|request-timeout|kube-context|registry-config|host|region|profile|project|repo))$/u;

/** The arguments from the first plain word on. */
const fromVerb = (args: readonly string[]): string => {
  let at = 0;
  while (at < args.length && (args[at] ?? '').startsWith('-')) at += flagsWithValue.test(args[at] ?? '') ? 2 : 1;
  return args.slice(at).join(' ');
};

const redisReads =
  /^(?:ping|info|dbsize|get|mget|ttl|pttl|type|exists|scan|keys|strlen|llen|hlen|hget|hgetall|hkeys|lrange|scard|smembers|zcard|zrange|zscore|client list|client info|config get|memory (?:usage|doctor|stats)|slowlog (?:get|len)|latency \S+|role|time|lastsave|object|xlen|xinfo|command)\b/iu;
const redisFlags = /^(?:-h|-p|-a|-n|-u|--user|--pass|-s|--pattern|-i|--cacert|--cert|--key)$/u;

const redisReadsOnly = (args: readonly string[]): boolean => {
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (/^--(?:scan|stat|latency|bigkeys|memkeys|hotkeys)/u.test(word)) return true;
    if (redisFlags.test(word)) at++;
    else if (words.length > 0 || !word.startsWith('-')) words.push(word);
  }
  return redisReads.test(words.join(' '));
};

/** Statements that only look: asked of their words, so that a function which changes something keeps a statement out. */
const sqlChanges =
  /\b(?:insert|update|delete|merge|create|alter|drop|truncate|grant|revoke|copy|call|do|vacuum|reindex|cluster|refresh|lock|set|reset|listen|notify|into|nextval|setval|analyze|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_switch_wal|pg_promote|pg_stat_reset\w*|pg_\w*(?:write|unlink|import|execute)\w*|lo_\w+|dblink\w*|set_config|pg_advisory\w*)\b/iu;
const sqlReadsOnly = (sql: string): boolean =>
  sql
    .split(';')
    .map((statement) => statement.replaceAll(/'[^']*'/gu, "''").trim())
    .filter((statement) => statement !== '')
    .every(
      (statement) =>
        /^(?:select|show|with|explain|values|table|\\(?:l|d|dt|di|dn|du|dx|conninfo)\b)/iu.test(statement) &&
        !sqlChanges.test(statement),
    );

const clientReadsOnly = (args: readonly string[], flag: RegExp): boolean => {
  const asked = args.flatMap((word, at) => {
    if (flag.test(word)) return [args[at + 1] ?? ''];
    const glued = /^(?:--command=|--execute=|-c(?=.)|-e(?=.))(.*)$/su.exec(word)?.[1];
    return glued === undefined ? [] : [glued];
  });
  const others = args.some((word) => /^(?:-f|--file|-o|--output|-L|--log-file)/u.test(word));
  return asked.length > 0 && !others && asked.every(sqlReadsOnly);
};

const curlChanges =
  /^(?:-d|--data(?:-\w+)?|--json|-F|--form(?:-\w+)?|-T|--upload-file|-o|--output|-O|--remote-name|-K|--config|-Q|--quote|-c|--cookie-jar|-D|--dump-header)(?:=|$)|^-(?:d|F|T|o|K|Q|c|D)\S/u;
const curlReadsOnly = (args: readonly string[]): boolean => {
  const method = args.flatMap((word, at) =>
    /^(?:-X|--request)$/u.test(word) ? [args[at + 1] ?? ''] : (/^(?:-X|--request=)(.+)$/u.exec(word)?.[1] ?? []),
  );
  if (!method.every((name) => /^(?:GET|HEAD|OPTIONS)$/iu.test(name))) return false;
  return args.every(
    (word, at) => !curlChanges.test(word) || (/^(?:-o|--output)$/u.test(word) && args[at + 1] === '/dev/null'),
  );
};

const special: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  'redis-cli': redisReadsOnly,
  psql: (args) => clientReadsOnly(args, /^(?:-\w*c|--command)$/u),
  mysql: (args) => clientReadsOnly(args, /^(?:-\w*e|--execute)$/u),
  curl: curlReadsOnly,
  wget: (args) =>
    args.some((word) => /^-\w*O-$|^--spider$/u.test(word)) &&
    !args.some((word) => /^--(?:post|method|body)/u.test(word)),
  sed: (args) => !args.some((word) => /^-\w*i|^--in-place/u.test(word) || /(?:^|[;}/\d\s])[wWeE](?:\s|$)/u.test(word)),
  awk: (args) => !args.some((word) => /system\s*\(|getline|print\w*[^;}]*[>|]/u.test(word)),
  journalctl: (args) => !args.some((word) => /^--(?:vacuum|rotate|flush|sync|relinquish|setup|update)/u.test(word)),
  date: (args) => !args.some((word) => /^-\w*s|^--set/u.test(word)),
  sort: (args) => !args.some((word) => /^-\w*o|^--output/u.test(word)),
  nc: (args) => args.some((word) => /^-\w*z/u.test(word)),
  top: (args) => args.some((word) => /^-\w*b/u.test(word)),
  tsc: (args) => args.includes('--noEmit'),
  eslint: (args) => !args.some((word) => word.startsWith('--fix') || /^(?:-o|--output-file)/u.test(word)),
  prettier: (args) =>
    args.some((word) => /^(?:-c|--check|-l|--list-different)$/u.test(word)) &&
    !args.some((word) => /^(?:-w|--write)$/u.test(word)),
};

const asksForVersion = (args: readonly string[]): boolean =>
  args.length === 1 && /^(?:--version|-V|--help|version)$/u.test(args[0] ?? '');

/** True where this program with these arguments is known to look and to change nothing. */
export const readsOnly = (program: string, args: readonly string[]): boolean =>
  asksForVersion(args) ||
  lookers.has(program) ||
  special[program]?.(args) === true ||
  looking[program]?.test(fromVerb(args)) === true;

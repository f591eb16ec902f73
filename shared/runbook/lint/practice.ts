import type { Problem } from '../model.ts';
import { type PlacedItem, problemAt, type Rule, type Subject } from './document.ts';

const quarter = 15 * 60_000;

const perItem =
  (rule: (placed: PlacedItem, subject: Subject) => readonly Problem[]): Rule =>
  (subject) =>
    subject.items.flatMap((placed) => rule(placed, subject));

/** Requests without a single error needed to show at 95 % that the true rate is below `limit` %. */
const needed = (limit: number): number => Math.ceil(Math.log(0.05) / Math.log(1 - limit / 100));

export const rareErrorsTooEarly: Rule = perItem(({ item, section }, { source }) => {
  const rate = item.limits.find(
    (limit) => limit.unit === '%' && limit.op.startsWith('<') && limit.value > 0 && limit.value <= 1,
  );
  if (
    rate === undefined ||
    section.window === null ||
    section.window.toMs === null ||
    section.window.toMs > quarter ||
    !/error|fail/iu.test(item.text)
  )
    return [];
  const count = needed(rate.value).toLocaleString('en-US');
  return [
    problemAt(
      source,
      rate.line,
      'note',
      'needs-more-requests',
      `To show "${rate.text}" takes ${count} requests without an error (at 95 %). With fewer the answer is NOT ENOUGH DATA, not a pass.`,
    ),
  ];
});

/** "Done" says nothing of what was seen (E6): whoever only looks needs a place for it. */
export const asksToWatch: Rule = perItem(({ item }, { source }) =>
  /^(?:monitor|watch|observe|keep an? eye on)\b/iu.test(item.text) &&
  item.children.length === 0 &&
  item.fields.length === 0 &&
  item.limits.length === 0 &&
  item.expected === null
    ? [
        problemAt(
          source,
          item.span.line,
          'note',
          'asks-to-watch',
          'Asks to watch, and a tick says nothing of what was seen. Give it a place for that, or bind it with "observe" in the target.',
          `${(source.lines[item.span.line - 1] ?? '').trim()}, seen: ____`,
        ),
      ]
    : [],
);

export const cacheClearedEarly: Rule = perItem(({ item, phase }, { source }) =>
  phase.role === 'pre-deployment' &&
  /\b(?:cdn|cache|cloudfront|fastly|cloudflare)\b/iu.test(item.text) &&
  /\b(?:clear|purge|invalidat|flush)/iu.test(item.text)
    ? [
        problemAt(
          source,
          item.span.line,
          'warning',
          'cache-cleared-early',
          'Cleared before the deployment, the CDN fetches and keeps the old assets again. Clear it after the new version serves, or give assets names that change with their content.',
          '- [ ] CDN cache cleared for asset files, after the new version serves',
        ),
      ]
    : [],
);

export const certificateLeafOnly: Rule = perItem(({ item }, { source }) =>
  /\b(?:ssl|tls|certificates?)\b/iu.test(item.text) &&
  /expir|valid/iu.test(item.text) &&
  !/chain|intermediate/iu.test(item.text)
    ? [
        problemAt(
          source,
          item.span.line,
          'note',
          'certificate-leaf-only',
          'Often only the first certificate is looked at. Walk the whole chain and check the name.',
        ),
      ]
    : [],
);

export const costlySmokeTests: Rule = perItem(({ item, phase, section }, { source }) =>
  /deploy|verif|smoke|validat/iu.test(`${phase.role} ${section.title}`) &&
  phase.role !== 'pre-deployment' &&
  phase.role !== 'sign-off' &&
  phase.role !== 'rollback' &&
  /\bsend(?:s|ing)?\s+(?:an?\s+)?(?:sms|e-?mails?|messages?)|\bbilling operations\b|\bcharge[sd]?\b|\bpayments?\b|POST \/\S*(?:messages|sms|payments?|charges?)/iu.test(
    item.text,
  )
    ? [
        problemAt(
          source,
          item.span.line,
          'note',
          'costs-when-repeated',
          'Reaches real people or real money each time it runs. Use a test number or account, and run it once.',
        ),
      ]
    : [],
);

export const mutedAlerts: Rule = perItem(({ item }, { source }) =>
  /\b(?:mute|muted|silence[ds]?|snooze|suppress)\b.*\b(?:alerts?|alarms?|monitors?|notifications?)\b|\b(?:alerts?|alarms?|monitors?)\b.*\b(?:mute|muted|silence[ds]?|snooze|suppress)/iu.test(
    item.text,
  )
    ? [
        problemAt(
          source,
          item.span.line,
          'warning',
          'muted-alerts',
          'A muted monitor is blind, not green. Show it as not judged, and unmute it by a time that is written down.',
        ),
      ]
    : [],
);

export const lagOnIdleReplica: Rule = perItem(({ item }, { source }) =>
  /replication lag/iu.test(item.text)
    ? [
        problemAt(
          source,
          item.span.line,
          'note',
          'lag-needs-the-primary',
          'Asked on a replica, the lag is NULL on a primary and grows when nothing is written. Ask pg_stat_replication on the primary.',
          'SELECT application_name, replay_lag FROM pg_stat_replication;',
        ),
      ]
    : [],
);

/** Old code on a new schema: the question a rollback plan must ask. */
export const noSchemaQuestion: Rule = ({ source, runbook }) =>
  runbook.phases.flatMap((phase) => {
    if (phase.role !== 'rollback') return [];
    const words = source.lines.slice(phase.span.line - 1, phase.span.endLine).join('\n');
    return /migration|schema|database/iu.test(words)
      ? []
      : [
          problemAt(
            source,
            phase.span.line,
            'warning',
            'no-schema-question',
            'Nothing asks about the database: old code may meet a new schema.',
            '- [ ] Does this release hold migrations? ☐ Yes ☐ No\n- [ ] Does the old version work on the new schema? ☐ Yes ☐ No',
          ),
        ];
  });

/** The one who must agree is told last. */
export const leadToldLate: Rule = ({ source, runbook, items }) => {
  const late = runbook.escalation.find((step) => (step.afterMs ?? 0) > 0 && /lead|manager/iu.test(step.text));
  if (late === undefined) return [];
  return items
    .filter(
      ({ item, phase }) =>
        phase.role === 'rollback' &&
        /authori[sz]|approv|sign-?off/iu.test(item.text) &&
        /lead|manager/iu.test(item.text),
    )
    .map(({ item }) =>
      problemAt(
        source,
        item.span.line,
        'warning',
        'authority-told-late',
        `Needs the lead, who by line ${late.line} is called only after ${Math.round((late.afterMs ?? 0) / 60_000)} minutes: that long nobody may act. Tell the lead when a rollback is proposed, and keep a way past it that is logged.`,
      ),
    );
};

import { commandPatterns } from './lint/commands.ts';
import { layOut, type Rule } from './lint/document.ts';
import { downBeforeUp } from './lint/order.ts';
import {
  asksToWatch,
  cacheClearedEarly,
  certificateLeafOnly,
  costlySmokeTests,
  lagOnIdleReplica,
  leadToldLate,
  mutedAlerts,
  noSchemaQuestion,
  rareErrorsTooEarly,
} from './lint/practice.ts';
import { duplicateItems, noOwner, nothingToDo, noRollback, sizes, tickedAlready } from './lint/structure.ts';
import { deadAnchors, hiddenCharacters, unsafeLinks } from './lint/text.ts';
import { earlySignOff, lateDecision, unreadTiming } from './lint/timing.ts';
import { unknownSubcommands } from './lint/tools.ts';
import type { Problem, Runbook } from './model.ts';

const rules: readonly Rule[] = [
  nothingToDo,
  unknownSubcommands,
  commandPatterns,
  downBeforeUp,
  hiddenCharacters,
  unsafeLinks,
  deadAnchors,
  sizes,
  noRollback,
  noOwner,
  tickedAlready,
  duplicateItems,
  unreadTiming,
  earlySignOff,
  lateDecision,
  rareErrorsTooEarly,
  asksToWatch,
  cacheClearedEarly,
  certificateLeafOnly,
  costlySmokeTests,
  mutedAlerts,
  lagOnIdleReplica,
  noSchemaQuestion,
  leadToldLate,
];

/** What would go wrong when the document is followed as written, by line; a fix is the right form, ready to copy. */
export function lintRunbook(text: string, runbook: Runbook): readonly Problem[] {
  const subject = layOut(text, runbook);
  return rules.flatMap((rule) => rule(subject)).sort((a, b) => a.line - b.line || a.column - b.column);
}

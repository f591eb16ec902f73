import { healthWords } from '../../../shared/health.ts';
import type { HealthState } from '../../../shared/health.ts';
import type { WallGate, WallHead } from '../../../shared/wall/head.ts';
import type { GlyphName } from '../../parts/glyph.tsx';

/**
 * The words of the room, so that nobody has to ask whether two screens mean the same. Three of them are too long for a
 * tile that can be read from afar beside its age, and lose what they can spare.
 */
export const wallWords: Readonly<Record<HealthState, string>> = {
  ...healthWords,
  little: 'little data',
  internal: 'our fault',
  absent: 'not here',
};

/** The call of the room: one word, its shape, and a few words on why. */
export type Call = { readonly word: string; readonly glyph: GlyphName; readonly why: string };

const outcomes: Readonly<Record<string, Omit<Call, 'why'>>> = {
  complete: { word: 'COMPLETE', glyph: 'ok' },
  'complete-except-deferred': { word: 'COMPLETE', glyph: 'deferred' },
  'complete-with-overrides': { word: 'COMPLETE', glyph: 'overridden' },
  stopped: { word: 'STOPPED', glyph: 'waived' },
};

const said = ({ votes }: WallGate): string =>
  `${votes.filter((vote) => vote.said === 'go').length} of ${votes.length} say go`;

const ofGate = (gate: WallGate): Call => {
  switch (gate.state) {
    case 'stopped':
      return {
        word: 'NO-GO',
        glyph: 'fail',
        why: gate.votes
          .filter((vote) => vote.said === 'no-go')
          .map(({ role }) => role)
          .join(', '),
      };
    case 'rollback':
      return { word: 'GO BACK', glyph: 'fail', why: 'decided at the gate' };
    case 'extended':
      return { word: 'HOLD', glyph: 'deferred', why: 'extended' };
    case 'passed':
    case 'bypassed':
      return { word: 'GO', glyph: gate.state === 'passed' ? 'ok' : 'overridden', why: '' };
    case 'ahead':
    case 'open':
      if (gate.failing > 0) return { word: 'HOLD', glyph: 'warn', why: `${gate.failing} failing` };
      if (gate.blockers > 0) return { word: 'NOT YET', glyph: 'pending', why: `${gate.blockers} to do` };
      return gate.votes.every((vote) => vote.said === 'go')
        ? { word: 'GO', glyph: 'ok', why: said(gate) }
        : { word: 'VOTE', glyph: 'person', why: said(gate) };
  }
};

/** What the room has decided, or what it waits for. */
export const callOf = (head: WallHead): Call => {
  if (head.closed !== null) {
    const { outcome, words } = head.closed;
    // What stands behind the word is told with it: complete alone is for a run without any of it.
    const why = words.replace(/^(?:complete|stopped),?\s*/v, '');
    return { ...(outcomes[outcome] ?? { word: outcome.toUpperCase(), glyph: 'waived' }), why };
  }
  const { rollback } = head;
  if (rollback !== null && rollback.purpose === 'rollback') {
    if (rollback.state === 'running') return { word: 'ROLLBACK', glyph: 'running', why: 'running' };
    if (rollback.state === 'held') return { word: 'ROLLBACK', glyph: 'fail', why: 'waits for a person' };
    return { word: 'ROLLBACK', glyph: 'warn', why: rollback.state };
  }
  return head.gate === null ? { word: 'GO', glyph: 'ok', why: 'every gate passed' } : ofGate(head.gate);
};

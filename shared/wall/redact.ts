import type { WallFrame } from './contract.ts';
import type { WallHead } from './head.ts';

/**
 * What may cross a way that is open to everybody in the building: states, counts, clocks and the words of the document's
 * headings stay; people become their role, and whatever a person or a machine said in free words is left out.
 */

const initials = (name: string): string =>
  name
    .split(/\s+/v)
    .map((part) => part.slice(0, 1).toUpperCase())
    .join('');

/** Addresses, hosts, e-mail, and anything long enough to be a key: shown as what it was. */
const masked = (words: string): string =>
  words
    .replaceAll(/\b[a-z][a-z\d+.\-]*:\/\/\S+/giv, '[address]')
    .replaceAll(/\S+@\S+/gv, '[address]')
    .replaceAll(/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/gv, '[address]')
    .replaceAll(/\b(?:[a-z\d\-]+\.){2,}[a-z]{2,}\b/giv, '[host]')
    .replaceAll(/(?=\S*\d)[\w+\/=\-]{20,}/gv, '[hidden]');

const headWithout = (head: WallHead): WallHead => ({
  ...head,
  service: masked(head.service),
  release: masked(head.release),
  phases: head.phases.map((phase) => ({ ...phase, title: masked(phase.title) })),
  gate: head.gate === null ? null : { ...head.gate, title: masked(head.gate.title) },
  overdue: head.overdue.map((due) => ({ ...due, title: masked(due.title) })),
  due: head.due.map((due) => ({ ...due, title: masked(due.title) })),
  next: head.next.map((due) => ({ ...due, title: masked(due.title) })),
  items: head.items.map((item) => ({ ...item, words: masked(item.words), value: '' })),
  onPoint: head.onPoint === null ? null : { name: head.onPoint.role ?? initials(head.onPoint.name), role: null },
  alarms: head.alarms.map((alarm) => ({ ...alarm, label: masked(alarm.label), sentence: '' })),
  rollback:
    head.rollback === null
      ? null
      : {
          ...head.rollback,
          sentence: '',
          steps: head.rollback.steps.map((step) => ({ ...step, title: masked(step.title) })),
        },
});

/** A value is kept where it is a number with a unit; words that a target answered are not. */
const isFigure = (text: string): boolean => /^[\-+]?[\d.,]*$/v.test(text);

export const redactFrame = (frame: WallFrame): WallFrame => ({
  ...frame,
  redacted: true,
  head: frame.head === null ? null : headWithout(frame.head),
  tiles: frame.tiles.map((tile) => ({
    ...tile,
    label: masked(tile.label),
    number: isFigure(tile.number) ? tile.number : '',
  })),
});

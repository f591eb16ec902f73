import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { Projection } from '../projection.ts';

export type Vote = { readonly go: boolean; readonly by: Actor; readonly at: number; readonly reason: string | null };

export type Passage =
  | (EventBody<'gate-decided'> & { readonly kind: 'decided'; readonly by: Actor; readonly at: number })
  | (EventBody<'gate-bypassed'> & { readonly kind: 'bypassed'; readonly by: Actor; readonly at: number });

export type GateView = {
  /** The newest vote of each role. */
  readonly votes: ReadonlyMap<string, Vote>;
  readonly bypassAsked: { readonly by: Actor; readonly at: number; readonly reason: string } | null;
  /** The newest decision; an extension leaves the gate open. */
  readonly passage: Passage | null;
};

/** What people have said at the gates, by gate. */
export type Gates = ReadonlyMap<string, GateView>;

const silent: GateView = { votes: new Map(), bypassAsked: null, passage: null };

/** What was said at a gate; silence where nobody has come to it. */
export const gateView = (gates: Gates, gate: string): GateView => gates.get(gate) ?? silent;

const change = (gates: Gates, gate: string, next: (view: GateView) => GateView): Gates =>
  new Map(gates).set(gate, next(gateView(gates, gate)));

const apply = (gates: Gates, event: RecordedEvent): Gates => {
  const { at, by } = event;
  switch (event.type) {
    case 'gate-voted': {
      const { gate, role, go, reason } = event.body;
      return change(gates, gate, (view) => ({ ...view, votes: new Map(view.votes).set(role, { go, by, at, reason }) }));
    }
    case 'gate-decided':
      return change(gates, event.body.gate, (view) => ({
        // Whoever extends asks everybody again.
        votes: event.body.decision === 'extend' ? new Map() : view.votes,
        bypassAsked: null,
        passage: { ...event.body, kind: 'decided', by, at },
      }));
    case 'gate-bypass-asked':
      return change(gates, event.body.gate, (view) => ({
        ...view,
        bypassAsked: { by, at, reason: event.body.reason },
      }));
    case 'gate-bypassed':
      return change(gates, event.body.gate, (view) => ({
        ...view,
        bypassAsked: null,
        passage: { ...event.body, kind: 'bypassed', by, at },
      }));
    case 'runbook-moved':
      return new Map([...gates].filter(([gate]) => !event.body.gates.includes(gate)));
    default:
      return gates;
  }
};

export const gatesProjection: Projection<unknown, Gates> = { init: () => new Map(), apply };

/** Whether the run goes on beyond it: people said go or keep, or two of them took it on themselves. */
export const isPassed = ({ passage }: GateView): boolean =>
  passage !== null && (passage.kind === 'bypassed' || passage.decision === 'go' || passage.decision === 'keep');

import type { Decision } from '../../../shared/clock-events.ts';
import type { Client, Contact } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import type { ItemId } from '../../../shared/runbook/model.ts';
import type { RoundId } from '../../../shared/schedule/rounds.ts';

/** What people can do by the clock of a run: rounds, gates, shifts. Each resolves to whether it was taken. */
export type ClockActions = {
  readonly second: (item: ItemId) => Promise<boolean>;
  readonly answer: (round: RoundId, reading: string, value: string, fine: boolean) => Promise<boolean>;
  readonly vote: (gate: string, role: string, go: boolean, reason: string | null) => Promise<boolean>;
  readonly decide: (
    gate: string,
    decision: Decision,
    reason: string | null,
    extendMs: number | null,
  ) => Promise<boolean>;
  readonly bypass: (gate: string, reason: string) => Promise<boolean>;
  readonly setSpeed: (speed: 1 | 10 | 60) => Promise<boolean>;
  readonly offerShift: (to: string, note: string) => Promise<boolean>;
  readonly acceptShift: () => Promise<boolean>;
  readonly contacts: () => Promise<readonly Contact[]>;
  readonly keepContact: (contact: Contact) => Promise<boolean>;
};

type Taken = (call: Promise<unknown>) => Promise<boolean>;

export const clockActions = (client: Client, runId: RunId, taken: Taken): ClockActions => ({
  second: (item) => taken(client.checklist.second({ runId, item })),
  answer: (round, reading, value, fine) => taken(client.rounds.answer({ runId, round, reading, value, fine })),
  vote: (gate, role, go, reason) => taken(client.gates.vote({ runId, gate, role, go, reason })),
  decide: (gate, decision, reason, extendMs) => taken(client.gates.decide({ runId, gate, decision, reason, extendMs })),
  bypass: (gate, reason) => taken(client.gates.bypass({ runId, gate, reason })),
  setSpeed: (speed) => taken(client.clock.setSpeed({ runId, speed })),
  offerShift: (to, note) => taken(client.people.offer({ runId, to, note })),
  acceptShift: () => taken(client.people.accept({ runId })),
  contacts: () => client.people.contacts(),
  keepContact: (contact) => taken(client.people.keepContact(contact)),
});

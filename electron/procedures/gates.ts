import { WarRoomError } from '../../shared/errors.ts';
import type { NewEvent } from '../../shared/events.ts';
import { gateStanding } from '../../shared/gate-rules.ts';
import type { GateStanding } from '../../shared/gate-rules.ts';
import { holds } from '../../shared/gates.ts';
import type { Gate, Voter } from '../../shared/gates.ts';
import { itemById } from '../../shared/runbook/walk.ts';
import { sameWords } from '../../shared/target/bind.ts';
import { actorOf } from '../caller.ts';
import type { Caller } from '../caller.ts';
import { verdictFor } from '../room/gate-verdicts.ts';
import type { OpenRoom } from '../room/room.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';
import { sayIn } from './saying.ts';

const refuse = (sentence: string): never => {
  throw new WarRoomError('conflict', sentence);
};

const standingIn = (room: OpenRoom, id: string): GateStanding => {
  const sight = room.gateSight();
  const gate = sight.plan.gates.find((candidate) => candidate.id === id);
  if (gate === undefined) throw new WarRoomError('not-found', `This run has no gate "${id}".`);
  return gateStanding(gate, sight);
};

/** Refuses where the gate is behind the people or still ahead of them. */
const present = (standing: GateStanding): GateStanding => {
  const { gate, state } = standing;
  if (state === 'passed' || state === 'bypassed') refuse(`The gate "${gate.title}" is behind you already.`);
  if (state === 'rollback') refuse(`At the gate "${gate.title}" a rollback was decided.`);
  if (state === 'ahead')
    refuse(
      gate.kind === 'phase'
        ? `The gate "${gate.title}" comes after the gate of the phase before it.`
        : `The gate "${gate.title}" comes up after T-0; it is not time yet.`,
    );
  return standing;
};

const voterIn = (room: OpenRoom, role: string, caller: Caller): Voter => {
  const { voters } = room.gateSight();
  const voter = voters.find((candidate) => candidate.role === role);
  if (voter === undefined) throw new WarRoomError('not-found', `No role "${role}" votes in this run.`);
  const practice = room.head().started?.practice === true;
  // In a rehearsal one person may speak for every role; a real run wants each role's own voice.
  if (practice || voter.role === 'operator' || holds(voter, caller.operator())) return voter;
  const who = voter.people.length > 0 ? voter.people.join(' or ') : `somebody who signs in as ${voter.label}`;
  throw new WarRoomError('not-allowed', `For ${voter.label} ${who} speaks; you are here as ${words(caller)}.`);
};

const words = (caller: Caller): string => {
  const { name, role } = caller.operator();
  return role === null ? name : `${name}, ${role}`;
};

const inTheWay = ({ blockers }: GateStanding, room: OpenRoom): string => {
  const [first] = blockers;
  const item = first?.item == null ? null : itemById(room.context.runbook, first.item);
  const named = item === null ? (first?.words ?? '') : `"${item.text}" is ${first?.words ?? ''}`;
  return blockers.length <= 1 ? `${named}.` : `${named}, and ${blockers.length - 1} more.`;
};

const passWords = (standing: GateStanding, room: OpenRoom): string | null => {
  if (standing.state === 'stopped') return 'A no-go stands at this gate. Whoever said it can say go, with a reason.';
  if (standing.blockers.length > 0) return `This gate does not open yet: ${inTheWay(standing, room)}`;
  const { silent } = standing;
  return silent.length === 0 ? null : `${silent.map(({ label }) => label).join(', ')} has not said go.`;
};

type Decide = {
  readonly decision: 'go' | 'keep' | 'rollback' | 'extend';
  readonly extendMs: number | null;
  readonly reason: string | null;
  /** Of the verdict beside it. */
  readonly digest: string | null;
};

const closes = (gate: Gate): string | null => (gate.kind === 'phase' ? gate.phase : null);

const decided = (room: OpenRoom, standing: GateStanding, { decision, extendMs, reason, digest }: Decide): NewEvent => {
  const { gate } = standing;
  if ((decision === 'go') !== (gate.kind === 'phase'))
    refuse(
      gate.kind === 'phase'
        ? 'The gate at the end of a phase takes a go; a no-go is said by a vote.'
        : 'At this gate people decide to keep, to roll back or to extend.',
    );
  if (decision === 'go' || decision === 'keep') {
    const obstacle = passWords(standing, room);
    if (obstacle !== null) refuse(obstacle);
  } else if (reason === null) refuse('Say why, in at least 10 characters.');
  if ((decision === 'extend') !== (extendMs !== null)) refuse('An extension says for how long, and nothing else does.');
  const untilMs = extendMs === null ? null : room.gateSight().now + extendMs;
  return {
    type: 'gate-decided',
    body: {
      ...{ gate: gate.id, title: gate.title, phase: closes(gate), decision, untilMs, reason },
      ...(digest === null ? {} : { verdict: digest }),
    },
  };
};

/** Go and no-go. Nothing passes a gate by itself, and no window can pass one that is not open. */
export const gatesProcedures = (rooms: Rooms) => {
  const say = sayIn(rooms);
  return {
    vote: os.gates.vote.handler(({ input, context }) => {
      const { runId, gate, role, go, reason } = input;
      const room = rooms.open(runId);
      const { view, gate: at } = present(standingIn(room, gate));
      const voter = voterIn(room, role, context.caller);
      const before = view.votes.get(role);
      if (before?.go === go) refuse(`${voter.label} has said ${go ? 'go' : 'no-go'} at this gate already.`);
      if (reason === null && (!go || before !== undefined))
        refuse(go ? 'Say why the no-go no longer holds.' : 'A no-go says why, in at least 10 characters.');
      say(context.caller, runId, { type: 'gate-voted', body: { gate, title: at.title, role, go, reason } });
    }),
    decide: os.gates.decide.handler(async ({ input, context: { caller } }) => {
      const room = rooms.open(input.runId);
      const decide = (digest: string | null): NewEvent =>
        decided(room, present(standingIn(room, input.gate)), { ...input, digest });
      decide(null);
      const { gate } = standingIn(room, input.gate);
      // The numbers of this moment, which the decision names. Judging takes a moment: the gate is looked at again after it.
      const digest = await verdictFor(room, actorOf(caller), { id: gate.id, title: gate.title });
      say(caller, input.runId, decide(digest));
    }),
    bypass: os.gates.bypass.handler(({ input, context }) => {
      const { runId, gate: id, reason } = input;
      const { gate, view } = present(standingIn(rooms.open(runId), id));
      const asked = view.bypassAsked;
      if (asked === null)
        return say(context.caller, runId, { type: 'gate-bypass-asked', body: { gate: id, title: gate.title, reason } });
      const one = asked.by.kind === 'person' ? asked.by.name : '';
      if (sameWords(one) === sameWords(context.caller.operator().name))
        refuse(`A bypass takes two people: ${one} asked for it, somebody else has to agree.`);
      say(context.caller, runId, {
        type: 'gate-bypassed',
        body: { gate: id, title: gate.title, phase: closes(gate), first: one, reason },
      });
    }),
  };
};

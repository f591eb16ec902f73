import { WarRoomError } from '../../shared/errors.ts';
import type { NewEvent } from '../../shared/events.ts';
import { heldBack } from '../../shared/gate-rules.ts';
import { holds } from '../../shared/gates.ts';
import { signOffPlan } from '../../shared/sign-off/lines.ts';
import type { SignOffLine } from '../../shared/sign-off/lines.ts';
import { mayNotSign, verdictToSee } from '../../shared/sign-off/rules.ts';
import type { SignOffSight } from '../../shared/sign-off/rules.ts';
import { sameWords } from '../../shared/target/bind.ts';
import { actorOf } from '../caller.ts';
import type { Caller } from '../caller.ts';
import type { OpenRoom } from '../room/room.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

const sightOf = (room: OpenRoom): SignOffSight => {
  const { plan, rounds, t0, now } = room.gateSight();
  return {
    signOff: signOffPlan(room.context.runbook),
    signOffs: room.state.signOffs(),
    verdicts: room.state.verdicts(),
    closed: room.head().closed,
    ...{ plan, rounds, t0, now },
  };
};

const lineIn = ({ signOff }: SignOffSight, id: string): SignOffLine => {
  const line = signOff.lines.find((candidate) => candidate.id === id);
  if (line === undefined) throw new WarRoomError('not-found', `This run has no line "${id}" to sign.`);
  return line;
};

/** Where the target names the people of a role, only they sign for it; a rehearsal is free. */
const refuseStranger = (room: OpenRoom, { role }: SignOffLine, caller: Caller): void => {
  const voter = room.gateSight().voters.find(({ label }) => sameWords(label) === sameWords(role));
  if (voter === undefined || voter.people.length === 0 || room.head().started?.practice === true) return;
  if (!holds(voter, caller.operator()))
    throw new WarRoomError('not-allowed', `As ${role} ${voter.people.join(' or ')} signs.`);
};

/** The same in the document's own places: the name, the date and the tick of its item, where they are still open. */
const inDocument = (
  room: OpenRoom,
  { signature, item }: SignOffLine,
  name: string,
  at: number,
): readonly NewEvent[] => {
  if (signature === null) return [];
  const { fields, items, index } = room.checklist();
  const fill = (field: typeof signature.name, value: string): readonly NewEvent[] =>
    fields.has(field.id) ? [] : [{ type: 'field-filled', body: { field: field.id, item, value, metric: null } }];
  const view = item === null ? undefined : items[index.get(item) ?? -1];
  const open =
    view?.kind === 'human' && view.mark === null && heldBack(room.gateSight(), view.back ?? view.phase) === null;
  return [
    ...fill(signature.name, name),
    ...(signature.date === null ? [] : fill(signature.date, new Date(at).toISOString().slice(0, 10))),
    ...(open && item !== null ? [{ type: 'item-ticked', body: { item, value: name } } as const] : []),
  ];
};

/** Signatures. Who signs is whoever this connection belongs to; that they are several people is enforced here. */
export const signOffProcedures = (rooms: Rooms, now: () => number) => ({
  sign: os.signOff.sign.handler(({ input, context: { caller } }) => {
    const room = rooms.open(input.runId);
    const sight = sightOf(room);
    const line = lineIn(sight, input.line);
    const signer = caller.operator();
    if (sameWords(signer.name) !== sameWords(input.name))
      throw new WarRoomError(
        'not-allowed',
        `You are here as ${signer.name}. To sign as ${input.name}, say first who is at the desk.`,
      );
    const refusal = mayNotSign(line, signer, sight);
    if (refusal !== null) throw new WarRoomError('conflict', refusal);
    refuseStranger(room, line, caller);
    if (input.verdict !== verdictToSee(sight))
      throw new WarRoomError('conflict', 'A newer verdict has been given since. Look at it, then sign.');
    const { name, how, verdict } = input;
    const { id, stage, role } = line;
    room.append(actorOf(caller), [
      { type: 'sign-off-signed', body: { line: id, stage, role, name, how, verdict } },
      ...inDocument(room, line, name, now()),
    ]);
  }),
  withdraw: os.signOff.withdraw.handler(({ input, context: { caller } }) => {
    const room = rooms.open(input.runId);
    const line = lineIn(sightOf(room), input.line);
    const signed = room.state.signOffs().signed.get(line.id);
    if (signed === undefined) throw new WarRoomError('conflict', `${line.role} has not signed here.`);
    if (signed.by.kind !== 'person' || sameWords(signed.by.name) !== sameWords(caller.operator().name))
      throw new WarRoomError('not-allowed', `Only ${signed.name} can take this signature back.`);
    room.append(actorOf(caller), [
      { type: 'sign-off-withdrawn', body: { line: line.id, role: line.role, reason: input.reason } },
    ]);
  }),
});

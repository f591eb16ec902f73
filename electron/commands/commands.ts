import { randomBytes } from 'node:crypto';
import { commandById, referenceOf } from '../../shared/commands/reference.ts';
import type { ReferenceCommand } from '../../shared/commands/reference.ts';
import type { CommandOutput, CommandPreview } from '../../shared/commands/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, EventBody, NewEvent, RunId } from '../../shared/events.ts';
import { formatSpan } from '../../shared/format.ts';
import { commandsProjection } from '../../shared/projections/commands.ts';
import type { Execution } from '../../shared/projections/commands.ts';
import type { WallRunning } from '../../shared/wall/running.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { masked } from '../probes/mask.ts';
import type { OpenRoom } from '../room/room.ts';
import type { Documents as Texts } from '../store/documents.ts';
import type { EventLog } from '../store/event-log.ts';
import { runChild } from './child.ts';
import type { Ended } from './child.ts';
import { openOutput } from './output.ts';
import type { Output } from './output.ts';
import { resolveCommand } from './resolve.ts';
import type { Resolved } from './resolve.ts';

/** The commands of open runs: looked at, started once by the key of that look, followed, cancelled. */
export type Commands = {
  /** Exactly what would run. Throws what must not or can't, with what to do. */
  readonly look: (runId: RunId, command: string) => Promise<CommandPreview>;
  /** Starts what the key stands for; the intent is on disk before. Throws conflict for a key that is used or too old. */
  readonly run: (runId: RunId, by: Actor, key: string, typed: string | null) => Promise<string>;
  readonly cancel: (runId: RunId, execution: string) => void;
  /** What it says now, and whether that is all. Throws not-found. */
  readonly output: (runId: RunId, execution: string) => CommandOutput & { readonly ended: boolean };
  /** What runs for a run at this moment, and what it said last, masked. */
  readonly running: (runId: RunId) => readonly Omit<WallRunning, 'of'>[];
  /** Throws conflict while a command of this run is still running. */
  readonly refuseWhileBusy: (runId: RunId) => void;
  readonly close: () => Promise<void>;
};

type Deps = {
  readonly clock: Clock;
  readonly appLog: Log;
  readonly log: EventLog;
  readonly texts: Texts;
  /** "secret:NAME" → the secret; null where it is not set. */
  readonly secret: (name: string) => Promise<string | null>;
  readonly variable: (name: string) => { readonly value: string } | { readonly absent: string };
};
type Rooms = { readonly open: (runId: RunId) => OpenRoom; readonly all: () => readonly OpenRoom[] };

type Offer = { readonly runId: RunId; readonly resolved: Resolved; readonly until: number };
type Live = {
  readonly runId: RunId;
  readonly command: string;
  readonly label: string;
  readonly since: number;
  readonly timeoutMs: number;
  readonly output: Output;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
};

const offerMs = 10 * 60_000;
const mostAtOnce = 4;
const app: Actor = { kind: 'app' };
const newId = (): string => randomBytes(9).toString('base64url');

const sentenceOf = (ended: Ended, tookMs: number, timeoutMs: number): string => {
  const took = formatSpan(tookMs);
  if (ended.how === 'late')
    return `Was not done within ${formatSpan(timeoutMs)} and was ended, with all it had started.`;
  if (ended.how === 'cancelled') return `Was cancelled after ${took}, with all it had started.`;
  if (ended.how === 'not-started') return 'It could not be started: the program is gone, or may not be executed.';
  return ended.exitCode === null
    ? `Was ended by ${ended.by ?? 'a signal'} after ${took}.`
    : `Ended with exit code ${ended.exitCode} after ${took}.`;
};

const executionsOf = (log: EventLog, runId: RunId): readonly Execution[] => [
  ...log.read(runId, 0).reduce(commandsProjection.apply, commandsProjection.init(null)).values(),
];

const unmasked = /^secret:([A-Za-z0-9._-]+)$/u;

/** The values of a command's environment, secrets looked up at the last moment, and which of them are secret. */
const environmentOf = async (env: Readonly<Record<string, string>>, secret: Deps['secret']) => {
  const secrets: string[] = [];
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const wanted = unmasked.exec(value)?.[1];
    const found = wanted === undefined ? value : await secret(wanted);
    if (found === null)
      throw new WarRoomError('unavailable', `The secret "${wanted ?? ''}" is not set on this machine.`);
    if (wanted !== undefined) secrets.push(found);
    values[name] = found;
  }
  return { values, secrets };
};

const maskedArguments = (argv: readonly string[]): string[] => argv.map((part) => masked(part, [], 90_000));

/** What follows from a command that did well: the item that it answers is ticked, by whoever ran it. */
const answers = (room: OpenRoom, command: ReferenceCommand, ended: EventBody<'command-ended'>): readonly NewEvent[] => {
  const { item } = command;
  if (item === null || ended.outcome !== 'done') return [];
  const bound = room.context.bindings.find((one) => one.item === item);
  const view = room.checklist().items.find(({ id }) => id === item);
  if (bound?.by !== 'command' || view?.kind !== 'human' || view.mark !== null) return [];
  const kept = ended.kept === null ? '' : `; output ${ended.kept.slice(0, 12)}`;
  return [{ type: 'item-ticked', body: { item, value: `${ended.sentence}${kept}` } }];
};

const variableOf =
  (room: OpenRoom, deps: Deps) =>
  (name: string): string | null => {
    if (name === 'release') return room.head().started?.release ?? null;
    if (name === 'service') return room.context.target.service;
    const found = deps.variable(name);
    if ('absent' in found) throw new WarRoomError('unavailable', found.absent);
    return found.value;
  };

/** The runs of a machine that went away meanwhile: nobody can tell how they ended. */
const tellLost = (room: OpenRoom, log: EventLog, live: ReadonlyMap<string, Live>): void => {
  const lost = executionsOf(log, room.context.runId).filter(
    ({ ended, execution }) => ended === null && !live.has(execution),
  );
  room.append(
    app,
    lost.map(({ execution, item, label, at }) => ({
      type: 'command-ended',
      body: {
        ...{ execution, item, label, outcome: 'lost', exitCode: null, outputBytes: 0, sha256: null, kept: null },
        sentence: 'War Room went away while it ran. It may have gone on: look whether it had its effect.',
        tookMs: Math.max(0, Date.now() - at),
      },
    })),
  );
};

const openLive = (deps: Deps, live: Map<string, Live>) => {
  const { clock, appLog, texts } = deps;

  /** A full disk must not lose how a command ended; the log tells, and the window still shows it. */
  const tell = (room: OpenRoom, by: Actor, events: readonly NewEvent[]): void => {
    try {
      room.append(by, events);
    } catch (cause) {
      appLog.error('the end of a command could not be written down', cause);
    }
  };

  return async (room: OpenRoom, by: Actor, resolved: Resolved): Promise<string> => {
    const { command, argv, directory, timeoutMs, script } = resolved;
    const { runId } = room.context;
    const { values, secrets } = await environmentOf(resolved.env, deps.secret);
    if ([...live.values()].some((one) => one.runId === runId && one.command === command.id))
      throw new WarRoomError('conflict', 'This command is running already.');
    if (live.size >= mostAtOnce)
      throw new WarRoomError('conflict', `${mostAtOnce} commands are running: wait for one, or cancel it.`);
    const execution = newId();
    const { item, title: label } = command;
    const effect = command.effect === 'reads' ? 'reads' : 'changes';
    room.append(by, [
      {
        type: 'command-started',
        body: {
          execution,
          command: command.id,
          item,
          label,
          argv: maskedArguments(argv),
          directory,
          timeoutMs,
          effect,
          script,
        },
      },
    ]);
    const output = openOutput(secrets);
    const stop = new AbortController();
    const began = clock.monotonic();
    const finish = (ended: Ended): void => {
      const tookMs = Math.max(0, Math.round(clock.monotonic() - began));
      const outcome = ended.how === 'ended' ? (ended.exitCode === 0 ? 'done' : 'failed') : ended.how;
      const said = output.size() > 0;
      const body: EventBody<'command-ended'> = {
        ...{ execution, item, label, outcome, exitCode: ended.exitCode, tookMs, outputBytes: output.size() },
        sentence: sentenceOf(ended, tookMs, timeoutMs),
        sha256: said ? output.sha256() : null,
        kept: said ? texts.put(output.kept()) : null,
      };
      live.delete(execution);
      tell(room, by, [{ type: 'command-ended', body }, ...answers(room, command, body)]);
    };
    const ended = runChild({ argv, directory, env: values, timeoutMs }, stop.signal, output.take)
      .then(finish)
      .catch((cause: unknown) => {
        live.delete(execution);
        appLog.error('a command could not be followed to its end', cause);
      });
    live.set(execution, { runId, command: command.id, label, since: clock.now(), timeoutMs, output, stop, ended });
    return execution;
  };
};

export const openCommands = (deps: Deps, rooms: Rooms): Commands => {
  const offers = new Map<string, Offer>();
  const live = new Map<string, Live>();
  const start = openLive(deps, live);
  const unlisten = deps.log.listen((events) => {
    for (const { type, runId } of events)
      // A later turn: a listener hears of its own appends only afterwards. The run may be closed by then.
      if (type === 'room-opened')
        setImmediate(() => {
          const room = rooms.all().find(({ context }) => context.runId === runId);
          if (room !== undefined) tellLost(room, deps.log, live);
        });
  });
  const ofRun = (runId: RunId): readonly Live[] => [...live.values()].filter((one) => one.runId === runId);

  return {
    look: async (runId, id) => {
      const room = rooms.open(runId);
      const command = commandById(referenceOf(room.context), id);
      if (command === null) throw new WarRoomError('not-found', 'This document has no such command.');
      const resolved = await resolveCommand(
        command,
        room.context.target,
        variableOf(room, deps),
        room.head().t0?.at ?? null,
      );
      const now = deps.clock.now();
      for (const [old, { until }] of offers) if (until < now) offers.delete(old);
      const key = newId() + newId();
      offers.set(key, { runId, resolved, until: now + offerMs });
      const { argv, directory, timeoutMs, env, script } = resolved;
      return { key, argv: maskedArguments(argv), directory, timeoutMs, env: Object.keys(env), script };
    },
    run: async (runId, by, key, typed) => {
      const room = rooms.open(runId);
      const offer = offers.get(key);
      if (offer === undefined || offer.runId !== runId || offer.until < deps.clock.now())
        throw new WarRoomError(
          'conflict',
          'What was shown is no longer current: look at the command again, then run it.',
        );
      const { confirm } = offer.resolved.command;
      if (confirm !== null && typed?.trim() !== confirm)
        throw new WarRoomError('bad-input', `This one may change something. Type "${confirm}" to run it.`);
      offers.delete(key);
      return start(room, by, offer.resolved);
    },
    cancel: (runId, execution) => {
      const one = live.get(execution);
      if (one === undefined || one.runId !== runId)
        throw new WarRoomError('conflict', 'This command is not running any more.');
      one.stop.abort();
    },
    output: (runId, execution) => {
      const one = live.get(execution);
      if (one !== undefined && one.runId === runId)
        return { size: one.output.size(), ...one.output.tail(), ended: false };
      const known = executionsOf(deps.log, runId).find((found) => found.execution === execution);
      if (known === undefined) throw new WarRoomError('not-found', 'This run has no such command.');
      const { kept = null, outputBytes = 0 } = known.ended ?? {};
      return { size: outputBytes, text: kept === null ? '' : (deps.texts.get(kept) ?? ''), cut: false, ended: true };
    },
    running: (runId) =>
      ofRun(runId).map(({ label, since, timeoutMs, output }) => ({
        ...{ label, since, ofMs: timeoutMs },
        line: output.tail().text.trimEnd().split('\n').at(-1)?.trim() ?? '',
      })),
    refuseWhileBusy: (runId) => {
      if (ofRun(runId).length > 0)
        throw new WarRoomError('conflict', 'A command is still running: wait for it, or cancel it first.');
    },
    close: async () => {
      unlisten();
      for (const { stop } of live.values()) stop.abort();
      await Promise.all([...live.values()].map(({ ended }) => ended));
    },
  };
};

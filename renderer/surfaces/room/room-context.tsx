import { createContext, use } from 'react';
import type { Point, PracticeState } from '../../../shared/contract.ts';
import type { FieldId, ItemId } from '../../../shared/runbook/model.ts';
import type { RunView } from '../../run-view.ts';
import { useStore } from '../../store.ts';
import type { Store } from '../../store.ts';
import type { AlarmActions } from '../alarms/alarm-actions.ts';
import type { ClockActions } from '../clock/clock-actions.ts';
import type { VerdictActions } from '../compare/verdict-actions.ts';
import type { IncidentActions } from '../incidents/incident-actions.ts';
import type { NoticesNow } from '../../../shared/notices/contract.ts';
import type { NoticeActions } from '../notices/notice-actions.ts';
import type { MoveActions } from './move-actions.ts';
import type { RoomUi } from './room-ui.ts';

/** What a person can do in the room. Each resolves to whether it was taken; a refusal has then been shown already. */
export type RoomActions = ClockActions &
  AlarmActions &
  MoveActions &
  IncidentActions &
  NoticeActions &
  VerdictActions & {
    readonly focus: (item: ItemId) => Promise<boolean>;
    readonly tick: (item: ItemId, value: string | null) => Promise<boolean>;
    readonly untick: (item: ItemId, reason: string) => Promise<boolean>;
    readonly fill: (field: FieldId, value: string) => Promise<boolean>;
    readonly note: (item: ItemId | null, text: string) => Promise<boolean>;
    readonly override: (item: ItemId, reason: string) => Promise<boolean>;
    readonly defer: (item: ItemId, phase: string, reason: string) => Promise<boolean>;
    readonly waive: (item: ItemId, reason: string) => Promise<boolean>;
    readonly reopen: (item: ItemId, reason: string) => Promise<boolean>;
    readonly setT0: (t0: number | null) => Promise<boolean>;
    readonly correctT0: (t0: number, reason: string) => Promise<boolean>;
    readonly checkNow: (probe: string | null) => Promise<boolean>;
    /** Ends an attempt that lasts. */
    readonly stop: (probe: string) => Promise<boolean>;
    /** A number or a choice for a probe that asks people. */
    readonly typeValue: (probe: string, value: string) => Promise<boolean>;
    readonly close: (reason: string | null) => Promise<boolean>;
    /** Saves the checklist with the run laid over it. */
    readonly exportRun: () => Promise<boolean>;
    readonly setFault: (fault: string, level: number) => Promise<boolean>;
    readonly deploy: (release: string) => Promise<boolean>;
    readonly identify: (name: string, role: string | null) => Promise<boolean>;
    /** Samples as taken, newest first, from a moment on and before another. */
    readonly rawSamples: (metric: string, from: number, before: number, most: number) => Promise<readonly Point[]>;
    readonly history: (metric: string, from: number, to: number, points: number) => Promise<readonly Point[]>;
  };

/** What every part of the room stands on. */
export type RoomScope = {
  readonly view: Store<RunView>;
  readonly ui: Store<RoomUi>;
  readonly practice: Store<PracticeState | null>;
  /** Null until they are known. */
  readonly notices: Store<NoticesNow | null>;
  readonly actions: RoomActions;
  readonly operator: { readonly name: string; readonly role: string | null };
  /** False for a watching connection and for a closed run: no control is drawn that would be refused. */
  readonly operates: boolean;
  /** The same, closed or not: a closed run can be judged again, and that it is over is told last. */
  readonly signedIn: boolean;
  readonly link: 'live' | 'lost';
};

const Scope = createContext<RoomScope | null>(null);

export const RoomProvider = Scope.Provider;

export const useRoom = (): RoomScope => {
  const scope = use(Scope);
  if (scope === null) throw new Error('a part of the room stands outside of it');
  return scope;
};

export const useRun = <Part,>(select: (view: RunView) => Part, same?: (a: Part, b: Part) => boolean): Part =>
  useStore(useRoom().view, select, same);

export const useUi = <Part,>(select: (ui: RoomUi) => Part, same?: (a: Part, b: Part) => boolean): Part =>
  useStore(useRoom().ui, select, same);

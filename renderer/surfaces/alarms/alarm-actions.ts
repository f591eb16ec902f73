import type { Client } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';

/** What people can do about alarms. Each resolves to whether it was taken. */
export type AlarmActions = {
  readonly acknowledge: (alarms: readonly string[]) => Promise<boolean>;
  readonly shelve: (alarm: string, minutes: number, reason: string) => Promise<boolean>;
  readonly unshelve: (alarm: string) => Promise<boolean>;
};

export const alarmActions = (
  client: Client,
  runId: RunId,
  taken: (call: Promise<unknown>) => Promise<boolean>,
): AlarmActions => ({
  acknowledge: (alarms) => taken(client.alarms.acknowledge({ runId, alarms: [...alarms] })),
  shelve: (alarm, minutes, reason) => taken(client.alarms.shelve({ runId, alarm, minutes, reason })),
  unshelve: (alarm) => taken(client.alarms.unshelve({ runId, alarm })),
});

import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../electron/clock.ts';
import { openWeek } from '../../electron/room/fixtures/week.ts';

/** Walks 80 escalations whose second step comes within 35 s, in real time, and says when each was taken. */
const week = await openWeek(0, undefined, systemClock);
const keeper = week.keep();
keeper.begin();
const now = systemClock.now();
const path = { text: 'page somebody', role: null, assumed: false };
for (let at = 0; at < 80; at += 1)
  week.say([
    {
      type: 'escalation-started',
      body: {
        escalation: `E${at}`,
        subject: 'bench',
        from: { kind: 'person', id: null },
        steps: [
          { ...path, dueAt: now },
          { ...path, dueAt: now + 1_000 + at * 420 },
        ],
      },
    },
  ]);
await pause(38_000);
keeper.close();
for (const event of week.events())
  if (event.type === 'escalation-stepped' && event.body.step === 1) {
    const { dueAt, latenessMs } = event.body;
    process.stdout.write(`${JSON.stringify({ dueAt, at: event.at, latenessMs })}\n`);
  }
week.close();

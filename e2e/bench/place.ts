import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const child = new URL('./place-child.ts', import.meta.url).pathname;

/** `astray`: openings at which people did not stand where they stood when the app was killed. */
export type Places = { readonly kills: number; readonly moves: number; readonly astray: number };

/** Kills the app again and again while people move through a checklist, and looks where they stand when it is back. */
export const killWhileWorking = async (kills: number): Promise<Places> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-place-'));
  try {
    /** Where the next opening may stand: where the last answer said, or where what was asked then leads. */
    let may: readonly string[] | null = null;
    let astray = 0;
    let moves = 0;
    for (let life = 0; life <= kills; life += 1) {
      const app = spawn(process.execPath, [child, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
      const said: string[] = [];
      const lines = createInterface({ input: app.stdout });
      lines.on('line', (line) => said.push(line));
      await once(lines, 'line');
      await sleep(20 + Math.random() * 150);
      app.kill('SIGKILL');
      await once(app, 'close');
      const places = said.map((line) => line.split(' '));
      const opened = places[0]?.[1] ?? '';
      if (may !== null && !may.includes(opened)) astray += 1;
      const stands = places.findLast(([word]) => word !== 'will')?.[1] ?? '';
      const last = places.at(-1);
      may = last?.[0] === 'will' ? [stands, last[1] ?? ''] : [stands];
      moves += places.filter(([word]) => word === 'stands').length;
    }
    return { kills, moves, astray };
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
};

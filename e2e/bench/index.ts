import { parseArgs } from 'node:util';
import { alarmsBench } from './alarms.ts';
import { clockBench } from './clock.ts';
import { diskBench } from './disk.ts';
import type { Figure } from './figure.ts';
import { foldBench } from './fold.ts';
import { historyBench } from './history.ts';
import { memoryBench } from './memory.ts';
import { noticesBench } from './notices.ts';
import { paperBench } from './paper.ts';
import { probesBench } from './probes.ts';
import { rollbackBench } from './rollback.ts';
import { runbookBench } from './runbook.ts';
import { servedBench } from './served.ts';
import { storeBench } from './store.ts';
import { tilesBench } from './tiles.ts';
import { verdictBench } from './verdict.ts';
import { wallBench } from './wall.ts';

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
});

/** What a bench tells: all at once, or each figure as soon as it is had. */
type Told = readonly Figure[] | AsyncIterable<Figure>;

/** Each measures for itself, one after the other, so that none disturbs another. */
const benches: Readonly<Record<string, () => Told | Promise<Told>>> = {
  alarms: alarmsBench,
  clock: clockBench,
  disk: diskBench,
  fold: foldBench,
  history: historyBench,
  notices: noticesBench,
  probes: () => probesBench(20, Number(values.minutes)),
  paper: paperBench,
  rollback: rollbackBench,
  runbook: runbookBench,
  store: storeBench,
  tiles: tilesBench,
  verdict: () => verdictBench(),
  served: servedBench,
  memory: () => memoryBench(Number(values.minutes)),
  wall: () => wallBench(Number(values.minutes)),
};

const usage = `Usage: npm run bench -- [--json] [--minutes N] [${Object.keys(benches).join('] [')}]\n`;
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0 || values.help === true || !(Number(values.minutes) > 0)) {
  process.stderr.write(unknown.length > 0 ? `There is no bench "${unknown.join('", "')}".\n${usage}` : usage);
  process.exit(2);
}

const digits = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
const line = ({ name, value, unit, against, ratio }: Figure): string => {
  const beside = against === null || ratio === null ? '' : `against ${digits(against)} ${unit}: ${ratio.toFixed(2)}`;
  return `${name.padEnd(64)} ${`${digits(value)} ${unit}`.padStart(16)}  ${beside}`;
};

// With --json nothing but figures may reach the output, whatever a bench says meanwhile.
if (values.json) console.log = console.error;
for (const name of positionals.length > 0 ? positionals : Object.keys(benches))
  for await (const found of await benches[name]!())
    process.stdout.write(`${values.json ? JSON.stringify(found) : line(found)}\n`);
process.exit(0);

import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

/** Looks through every page of a copy, which can take seconds and is nothing that probes should wait for. */
const sql = new Sqlite(workerData as string, { readonly: true });
const answer = sql.pragma('integrity_check(1)', { simple: true });
sql.close();
parentPort?.postMessage(answer === 'ok');

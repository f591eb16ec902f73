import { httpProbe } from '../../electron/probes/http.ts';
import type { Hostile } from '../../electron/probes/fixtures/hostile.ts';

/** The child of the hostile bench: asks the servers that its parent runs, all at once and again, and tells what it cost. */
const deadlineMs = 700;
const rounds = 5;

process.once('message', (servers: readonly Hostile[]) => {
  void (async () => {
    const before = process.memoryUsage.rss();
    let peak = before;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
    const off: number[] = [];
    const reasons = new Set<string>();
    for (let round = 0; round < rounds; round++)
      await Promise.all(
        servers.map(async (server) => {
          const begun = performance.now();
          const context = {
            signal: AbortSignal.timeout(deadlineMs),
            deadlineMs,
            now: Date.now,
            memory: new Map<string, unknown>(),
          };
          const { reason } = await httpProbe.open(server.with).run(context);
          reasons.add(reason);
          if (server.timesOut) off.push(Math.abs(performance.now() - begun - deadlineMs));
        }),
      );
    clearInterval(timer);
    process.send?.({ offMs: Math.max(...off), growth: peak - before, reasons: reasons.size });
    process.disconnect();
  })();
});
